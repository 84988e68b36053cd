import { checkWhole } from '../../core/check.js';
import { relu } from '../../ops/activation/relu.js';
import { add } from '../../ops/elementwise/add.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Sequential } from '../container/sequential.js';
import { Conv2d } from '../convolution/conv.js';
import { Module } from '../module.js';
import { BatchNorm2d } from '../normalisation/batch_norm.js';
import type { ParameterOptions } from '../parameter.js';

export interface ResidualBlockOptions extends ParameterOptions {
  /** Of the first convolution of 3 × 3, and of the shortcut; ≥ 1; default 1. */
  stride?: number;
}

/** A convolution without a bias, and the norm behind it, which has one. */
const convolution = (
  from: number,
  to: number,
  kernelSize: number,
  { stride = 1, ...options }: ResidualBlockOptions,
): [Conv2d, BatchNorm2d] => [
  new Conv2d(from, to, kernelSize, { ...options, stride, padding: (kernelSize - 1) / 2, bias: false }),
  new BatchNorm2d(to, { dtype: options.dtype }),
];

/** What brings x to the shape of the branch, where it has another; else null. */
function shortcut(from: number, to: number, options: ResidualBlockOptions): Sequential | null {
  if ((options.stride ?? 1) === 1 && from === to) return null;
  return new Sequential(...convolution(from, to, 1, options));
}

/**
 * Two convolutions of 3 × 3 and a way around them, as in ResNet-18 and 34: relu(bn2(conv2(relu(bn1(conv1 x)))) + x), with a
 * convolution of 1 × 1 and a norm on the way around where shapes differ. [N, in, H, W] → [N, channels, H / stride, W / stride].
 *
 * Names of parameters are torchvision's: conv1, bn1, conv2, bn2, downsample.
 *
 * @source He, Zhang, Ren, Sun 2015, arXiv:1512.03385, figure 5, left
 */
export class ResidualBlock extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | null;

  /**
   * @param inChannels  whole, ≥ 1
   * @param channels    of the result; whole, ≥ 1
   */
  constructor(inChannels: number, channels: number, options: ResidualBlockOptions = {}) {
    super();
    checkWhole('ResidualBlock', 'stride', options.stride ?? 1, 1);
    const { dtype, generator } = options;
    [this.conv1, this.bn1] = convolution(inChannels, channels, 3, options);
    [this.conv2, this.bn2] = convolution(channels, channels, 3, { dtype, generator });
    this.downsample = shortcut(inChannels, channels, options);
  }

  forward(x: Tensor): Tensor {
    const hidden = relu(this.bn1.forward(this.conv1.forward(x)));
    const change: Tensor = this.bn2.forward(this.conv2.forward(hidden));
    return relu(add(change, this.downsample?.forward(x) ?? x));
  }
}

declareKeepsNothing(ResidualBlock, ({ conv1, bn1, conv2, bn2, downsample }) => [
  ...[conv1, bn1, conv2, bn2],
  ...(downsample === null ? [] : [downsample]),
]);

/** Channels of the result for each of those between. */
const expansion = 4;

/**
 * Convolutions of 1 × 1, 3 × 3 and 1 × 1, and a way around them, as in ResNet-50, 101 and 152; the last has four times the
 * channels. [N, in, H, W] → [N, 4 · channels, H / stride, W / stride].
 *
 * Names of parameters are torchvision's; the stride is that of the 3 × 3, as there.
 *
 * @source He, Zhang, Ren, Sun 2015, arXiv:1512.03385, figure 5, right
 */
export class Bottleneck extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly downsample: Sequential | null;

  /**
   * @param inChannels  whole, ≥ 1
   * @param channels    of the convolution of 3 × 3; whole, ≥ 1
   */
  constructor(inChannels: number, channels: number, options: ResidualBlockOptions = {}) {
    super();
    checkWhole('Bottleneck', 'stride', options.stride ?? 1, 1);
    const { dtype, generator } = options;
    const outChannels = expansion * channels;
    [this.conv1, this.bn1] = convolution(inChannels, channels, 1, { dtype, generator });
    [this.conv2, this.bn2] = convolution(channels, channels, 3, options);
    [this.conv3, this.bn3] = convolution(channels, outChannels, 1, { dtype, generator });
    this.downsample = shortcut(inChannels, outChannels, options);
  }

  forward(x: Tensor): Tensor {
    const narrow = relu(this.bn1.forward(this.conv1.forward(x)));
    const hidden = relu(this.bn2.forward(this.conv2.forward(narrow)));
    const change: Tensor = this.bn3.forward(this.conv3.forward(hidden));
    return relu(add(change, this.downsample?.forward(x) ?? x));
  }
}

declareKeepsNothing(Bottleneck, ({ conv1, bn1, conv2, bn2, conv3, bn3, downsample }) => [
  ...[conv1, bn1, conv2, bn2, conv3, bn3],
  ...(downsample === null ? [] : [downsample]),
]);
