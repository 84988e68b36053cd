import { checkWhole } from '../../core/check.js';
import { tracks, type WindowOptions } from '../../ops/convolution/conv.js';
import { locallyConnected1d, locallyConnected2d } from '../../ops/convolution/locally_connected.js';
import { checkSizes, type PerAxis, type Sizes } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fanInUniform, type Initializer } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter } from '../parameter.js';
import type { ImageRule, WeightedRule } from '../shape_rule.js';
import type { KernelOptions } from './kernel_layer.js';

export interface LocallyConnected1dLayerOptions extends WindowOptions<1>, KernelOptions {}
export interface LocallyConnected2dLayerOptions extends WindowOptions<2>, KernelOptions {}

const ops = { 1: locallyConnected1d, 2: locallyConnected2d };

/** What locally connected layers of every rank have in common. */
abstract class LocallyConnected<R extends 1 | 2, In extends number, Out extends number> extends Layer<
  ImageRule<In, Out, R> & WeightedRule
> {
  readonly inputSize: Readonly<Sizes<R>>;
  readonly kernelSize: Readonly<Sizes<R>>;
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly options: Readonly<WindowOptions<R>>;
  readonly #op: (x: any, weight: any, bias: any, options: any) => Tensor;

  constructor(
    rank: R,
    readonly inChannels: In,
    readonly outChannels: Out,
    inputSize: PerAxis<R>,
    kernelSize: PerAxis<R>,
    { bias = true, dtype, generator, ...options }: WindowOptions<R> & KernelOptions,
  ) {
    super();
    const name = `LocallyConnected${rank}d`;
    checkWhole(name, 'inChannels', inChannels, 1);
    checkWhole(name, 'outChannels', outChannels, 1);
    this.inputSize = checkSizes(name, 'inputSize', inputSize, rank, 1);
    this.kernelSize = checkSizes(name, 'kernelSize', kernelSize, rank, 1);
    this.options = options;
    this.#op = ops[rank];
    const axes = tracks(name, rank, [1, inChannels, ...this.inputSize], this.kernelSize, options);
    const places = axes.map(({ count }) => count);
    const fanIn = axes.reduce<number>((product, { taps }) => product * taps, inChannels);
    const initialise: Initializer = (tensor, options) => fanInUniform(tensor, { fanIn, ...options });
    const made = { dtype, generator };
    this.weight = newParameter([...places, outChannels, inChannels, ...this.kernelSize], initialise, made);
    this.bias = bias ? newParameter([outChannels, ...places], initialise, made) : null;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#op(x, this.weight, this.bias ?? undefined, this.options);
  }
}

/**
 * A kernel of its own at every place of sequences of one length; see the op `locallyConnected1d`. [N, in, L] → [N, out, OL].
 *
 * weight [OL, out, in, K] and bias [out, OL] start uniform in ±1 / √(in · K).
 */
export class LocallyConnected1d<const In extends number = any, const Out extends number = any> extends LocallyConnected<
  1,
  In,
  Out
> {
  /** @param inputSize  the length of the sequences */
  constructor(
    inChannels: In,
    outChannels: Out,
    inputSize: PerAxis<1>,
    kernelSize: PerAxis<1>,
    options: LocallyConnected1dLayerOptions = {},
  ) {
    super(1, inChannels, outChannels, inputSize, kernelSize, options);
  }
}

/**
 * A kernel of its own at every place of images of one size; see the op `locallyConnected2d`. [N, in, H, W] → [N, out, OH, OW].
 *
 * weight [OH, OW, out, in, KH, KW] and bias [out, OH, OW] start uniform in ±1 / √(in · KH · KW).
 */
export class LocallyConnected2d<const In extends number = any, const Out extends number = any> extends LocallyConnected<
  2,
  In,
  Out
> {
  /** @param inputSize  height and width of the images */
  constructor(
    inChannels: In,
    outChannels: Out,
    inputSize: PerAxis<2>,
    kernelSize: PerAxis<2>,
    options: LocallyConnected2dLayerOptions = {},
  ) {
    super(2, inChannels, outChannels, inputSize, kernelSize, options);
  }
}
