import { checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { type Conv2dOptions, checkAlgorithm, conv2d } from '../../ops/convolution/conv2d.js';
import { checkPair, type Pair } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fanInUniform, type Initializer } from '../init/init.js';
import { Layer } from '../layer.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { ImageRule, WeightedRule } from '../shape_rule.js';

export interface Conv2dLayerOptions extends Conv2dOptions, ParameterOptions {
  /** Add a bias; default true. */
  bias?: boolean;
}

/**
 * Two-dimensional convolution; see the op `conv2d`. [N, in, H, W] → [N, out, OH, OW].
 *
 * weight [out, in / groups, KH, KW] and bias [out] start uniform in ±1 / √(in / groups · KH · KW).
 */
export class Conv2d<const In extends number = any, const Out extends number = any> extends Layer<
  ImageRule<In, Out> & WeightedRule
> {
  readonly kernelSize: readonly [height: number, width: number];
  readonly weight: Tensor<[Out, number, number, number]>;
  readonly bias: Tensor<[Out]> | null;
  readonly options: Readonly<Conv2dOptions>;

  /**
   * @param inChannels   ≥ 1; a multiple of groups
   * @param outChannels  ≥ 1; a multiple of groups
   * @param kernelSize   one number or [height, width]; ≥ 1
   * @throws ValueError "Conv2d: groups must divide inChannels and outChannels; got 2 for 3 and 4"
   */
  constructor(
    readonly inChannels: In,
    readonly outChannels: Out,
    kernelSize: Pair,
    { bias = true, dtype, generator, ...options }: Conv2dLayerOptions = {},
  ) {
    super();
    checkWhole('Conv2d', 'inChannels', inChannels, 1);
    checkWhole('Conv2d', 'outChannels', outChannels, 1);
    this.kernelSize = checkPair('Conv2d', 'kernelSize', kernelSize, 1);
    const { stride = 1, dilation = 1, groups = 1, algorithm = 'direct' } = options;
    checkAlgorithm('Conv2d', algorithm);
    checkPair('Conv2d', 'stride', stride, 1);
    checkPair('Conv2d', 'dilation', dilation, 1);
    checkWhole('Conv2d', 'groups', groups, 1);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(
        `Conv2d: groups must divide inChannels and outChannels; got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    this.options = options;
    const fanIn = (inChannels / groups) * this.kernelSize[0] * this.kernelSize[1];
    const initialise: Initializer = (tensor, options) => fanInUniform(tensor, { fanIn, ...options });
    const made = { dtype, generator };
    this.weight = newParameter([outChannels, inChannels / groups, ...this.kernelSize], initialise, made);
    this.bias = bias ? newParameter([outChannels], initialise, made) : null;
  }

  protected override compute(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias ?? undefined, this.options);
  }
}
