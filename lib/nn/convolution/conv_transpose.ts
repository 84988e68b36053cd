import {
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from '../../ops/convolution/conv_transpose.js';
import { checkSizes, type PerAxis, type Rank } from '../../ops/convolution/window.js';
import { KernelLayer, type KernelOptions } from './kernel_layer.js';

export interface ConvTranspose1dLayerOptions extends ConvTransposeOptions<1>, KernelOptions {}
export interface ConvTranspose2dLayerOptions extends ConvTransposeOptions<2>, KernelOptions {}
export interface ConvTranspose3dLayerOptions extends ConvTransposeOptions<3>, KernelOptions {}

const ops = { 1: convTranspose1d, 2: convTranspose2d, 3: convTranspose3d };

/** What transposed convolutions of every rank have in common. */
abstract class TransposedConvolution<R extends Rank, In extends number, Out extends number> extends KernelLayer<
  R,
  In,
  Out,
  In,
  ConvTransposeOptions<R>
> {
  constructor(
    rank: R,
    inChannels: In,
    outChannels: Out,
    kernelSize: PerAxis<R>,
    options: ConvTransposeOptions<R> & KernelOptions,
  ) {
    const name = `ConvTranspose${rank}d`;
    const channels = (groups: number): [number, number] => [inChannels, outChannels / groups];
    super(rank, { name, op: ops[rank], channels }, inChannels, outChannels, kernelSize, options);
    checkSizes(name, 'outputPadding', options.outputPadding ?? 0, rank, 0);
  }
}

/**
 * Transposed convolution of sequences; see the op `convTranspose1d`. [N, in, L] → [N, out, OL].
 *
 * weight [in, out / groups, K] and bias [out] start uniform in ±1 / √(out / groups · K), as PyTorch has it.
 */
export class ConvTranspose1d<
  const In extends number = any,
  const Out extends number = any,
> extends TransposedConvolution<1, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<1>, options: ConvTranspose1dLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Transposed convolution; see the op `convTranspose2d`. [N, in, H, W] → [N, out, OH, OW].
 *
 * weight [in, out / groups, KH, KW] and bias [out] start uniform in ±1 / √(out / groups · KH · KW), as PyTorch has it.
 */
export class ConvTranspose2d<
  const In extends number = any,
  const Out extends number = any,
> extends TransposedConvolution<2, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<2>, options: ConvTranspose2dLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Transposed convolution of volumes; see the op `convTranspose3d`. [N, in, D, H, W] → [N, out, OD, OH, OW].
 *
 * weight [in, out / groups, KD, KH, KW] and bias [out] start uniform in ±1 / √(out / groups · KD · KH · KW), as PyTorch has it.
 */
export class ConvTranspose3d<
  const In extends number = any,
  const Out extends number = any,
> extends TransposedConvolution<3, In, Out> {
  constructor(inChannels: In, outChannels: Out, kernelSize: PerAxis<3>, options: ConvTranspose3dLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
