import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import type { Checked, Result, Shape } from '../../core/types.js';
import type { ConvOptions } from '../../ops/convolution/conv.js';
import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Module } from '../module.js';
import type { Applied, ImageRule, ResultDType, shapeRule, WeightedRule } from '../shape_rule.js';
import { Conv1d, Conv2d, Conv3d } from './conv.js';
import type { KernelOptions } from './kernel_layer.js';

export interface SeparableConvLayerOptions<R extends Rank>
  extends Pick<ConvOptions<R>, 'stride' | 'padding' | 'paddingMode' | 'dilation'>,
    KernelOptions {
  /** Filters of each channel; ≥ 1; default 1. */
  depthMultiplier?: number;
}

const layers = { 1: Conv1d, 2: Conv2d, 3: Conv3d };

type SeparableRule<R extends Rank, In extends number, Out extends number> = ImageRule<In, Out, R> & WeightedRule;

/** What separable convolutions of every rank have in common. */
abstract class SeparableConvolution<R extends Rank, In extends number, Out extends number> extends Module {
  declare readonly [shapeRule]?: SeparableRule<R, In, Out>;
  readonly depthwise: Module;
  readonly pointwise: Module;

  constructor(
    rank: R,
    inChannels: In,
    outChannels: Out,
    kernelSize: PerAxis<R>,
    { depthMultiplier = 1, bias = true, dtype, generator, ...options }: SeparableConvLayerOptions<R>,
  ) {
    super();
    checkWhole(`SeparableConv${rank}d`, 'depthMultiplier', depthMultiplier, 1);
    const Conv: new (inChannels: number, outChannels: number, kernelSize: any, options: any) => Module = layers[rank];
    const each = inChannels * depthMultiplier;
    const made = { dtype, generator };
    this.depthwise = new Conv(inChannels, each, kernelSize, { ...options, ...made, groups: inChannels, bias: false });
    this.pointwise = new Conv(each, outChannels, 1, { ...made, bias });
  }

  forward<S extends Shape, D extends DType>(
    x: Tensor<S, D> & Checked<Applied<SeparableRule<R, In, Out>, S>>,
  ): Tensor<Result<Applied<SeparableRule<R, In, Out>, S>>, ResultDType<SeparableRule<R, In, Out>, D>> {
    return this.pointwise.forward(this.depthwise.forward(x));
  }
}

declareKeepsNothing(SeparableConvolution<Rank, number, number>, ({ depthwise, pointwise }) => [depthwise, pointwise]);

/** A depthwise convolution of sequences and one across channels; see `SeparableConv2d`. [N, in, L] → [N, out, OL]. */
export class SeparableConv1d<
  const In extends number = any,
  const Out extends number = any,
> extends SeparableConvolution<1, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<1>, options: SeparableConvLayerOptions<1> = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * A convolution in two steps, of which each channel has its own kernels, and one of a single element across the channels:
 * 1 / out + 1 / (KH · KW) of the products of a whole one. [N, in, H, W] → [N, out, OH, OW].
 *
 * depthwise.weight [in · depthMultiplier, 1, KH, KW], pointwise.weight [out, in · depthMultiplier, 1, 1], pointwise.bias [out].
 *
 * @source Howard et al. 2017, arXiv:1704.04861, section 3.1
 */
export class SeparableConv2d<
  const In extends number = any,
  const Out extends number = any,
> extends SeparableConvolution<2, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<2>, options: SeparableConvLayerOptions<2> = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/** A depthwise convolution of volumes and one across channels; see `SeparableConv2d`. [N, in, D, H, W] → [N, out, OD, OH, OW]. */
export class SeparableConv3d<
  const In extends number = any,
  const Out extends number = any,
> extends SeparableConvolution<3, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<3>, options: SeparableConvLayerOptions<3> = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
