import { type ConvOptions, checkAlgorithm, conv1d, conv2d, conv3d } from '../../ops/convolution/conv.js';
import type { PerAxis, Rank } from '../../ops/convolution/window.js';
import { KernelLayer, type KernelOptions } from './kernel_layer.js';

export interface Conv1dLayerOptions extends ConvOptions<1>, KernelOptions {}
export interface Conv2dLayerOptions extends ConvOptions<2>, KernelOptions {}
export interface Conv3dLayerOptions extends ConvOptions<3>, KernelOptions {}

const ops = { 1: conv1d, 2: conv2d, 3: conv3d };

/** What convolutions of every rank have in common. */
abstract class Convolution<R extends Rank, In extends number, Out extends number> extends KernelLayer<
  R,
  In,
  Out,
  Out,
  ConvOptions<R>
> {
  constructor(
    rank: R,
    inChannels: In,
    outChannels: Out,
    kernelSize: PerAxis<R>,
    options: ConvOptions<R> & KernelOptions,
  ) {
    const name = `Conv${rank}d`;
    const channels = (groups: number): [number, number] => [outChannels, inChannels / groups];
    super(rank, { name, op: ops[rank], channels }, inChannels, outChannels, kernelSize, options);
    checkAlgorithm(name, options.algorithm ?? 'direct');
  }
}

/**
 * Convolution of sequences; see the op `conv1d`. [N, in, L] → [N, out, OL].
 *
 * weight [out, in / groups, K] and bias [out] start uniform in ±1 / √(in / groups · K).
 */
export class Conv1d<const In extends number = any, const Out extends number = any> extends Convolution<1, In, Out> {
  /**
   * @param inChannels   ≥ 1; a multiple of groups
   * @param outChannels  ≥ 1; a multiple of groups
   * @param kernelSize   one number or [length]; ≥ 1
   */
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<1>, options: Conv1dLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Two-dimensional convolution; see the op `conv2d`. [N, in, H, W] → [N, out, OH, OW].
 *
 * weight [out, in / groups, KH, KW] and bias [out] start uniform in ±1 / √(in / groups · KH · KW).
 */
export class Conv2d<const In extends number = any, const Out extends number = any> extends Convolution<2, In, Out> {
  /**
   * @param inChannels   ≥ 1; a multiple of groups
   * @param outChannels  ≥ 1; a multiple of groups
   * @param kernelSize   one number or [height, width]; ≥ 1
   * @throws ValueError "Conv2d: groups must divide inChannels and outChannels; got 2 for 3 and 4"
   */
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<2>, options: Conv2dLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Convolution of volumes; see the op `conv3d`. [N, in, D, H, W] → [N, out, OD, OH, OW].
 *
 * weight [out, in / groups, KD, KH, KW] and bias [out] start uniform in ±1 / √(in / groups · KD · KH · KW).
 */
export class Conv3d<const In extends number = any, const Out extends number = any> extends Convolution<3, In, Out> {
  /**
   * @param inChannels   ≥ 1; a multiple of groups
   * @param outChannels  ≥ 1; a multiple of groups
   * @param kernelSize   one number or [depth, height, width]; ≥ 1
   */
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<3>, options: Conv3dLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
