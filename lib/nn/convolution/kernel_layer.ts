import { checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { checkSizes, type Images, type PerAxis, type Rank, type Sizes } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fanInUniform, type Initializer } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { ImageRule, WeightedRule } from '../shape_rule.js';

/** What layers with a kernel have beside the options of their op. */
export interface KernelOptions extends ParameterOptions {
  /** Add a bias; default true. */
  bias?: boolean;
}

/** What ops with a kernel that all places share have in common. */
interface SharedOptions<R extends Rank> {
  stride?: PerAxis<R>;
  dilation?: PerAxis<R>;
  groups?: number;
}

/** Which op a layer is, and of how many channels the first two axes of its weight are. */
interface Definition {
  name: string;
  op: (x: any, weight: any, bias: any, options: any) => Tensor;
  channels: (groups: number) => [number, number];
}

/** A layer with a kernel that all places share, of one rank; First is the weight's first axis. */
export abstract class KernelLayer<
  R extends Rank,
  In extends number,
  Out extends number,
  First extends number,
  O extends SharedOptions<R>,
> extends Layer<ImageRule<In, Out, R> & WeightedRule> {
  readonly kernelSize: Readonly<Sizes<R>>;
  readonly weight: Tensor<Images<First, number, R>>;
  readonly bias: Tensor<[Out]> | null;
  readonly options: Readonly<O>;
  readonly #op: Definition['op'];

  constructor(
    rank: R,
    { name, op, channels }: Definition,
    readonly inChannels: In,
    readonly outChannels: Out,
    kernelSize: PerAxis<R>,
    { bias = true, dtype, generator, ...options }: O & KernelOptions,
  ) {
    super();
    checkWhole(name, 'inChannels', inChannels, 1);
    checkWhole(name, 'outChannels', outChannels, 1);
    this.kernelSize = checkSizes(name, 'kernelSize', kernelSize, rank, 1);
    const { stride = 1, dilation = 1, groups = 1 }: SharedOptions<R> = options as SharedOptions<R>;
    checkSizes(name, 'stride', stride, rank, 1);
    checkSizes(name, 'dilation', dilation, rank, 1);
    checkWhole(name, 'groups', groups, 1);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(
        `${name}: groups must divide inChannels and outChannels; got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    this.options = options as unknown as O;
    this.#op = op;
    const shape = [...channels(groups), ...this.kernelSize];
    const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
    const initialise: Initializer = (tensor, options) => fanInUniform(tensor, { fanIn, ...options });
    const made = { dtype, generator };
    this.weight = newParameter(shape, initialise, made) as typeof this.weight;
    this.bias = bias ? newParameter([outChannels], initialise, made) : null;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#op(x, this.weight, this.bias ?? undefined, this.options);
  }
}
