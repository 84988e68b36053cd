import { checkWhole } from '../../core/check.js';
import { relu } from '../../ops/activation/relu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Conv2d } from '../convolution/conv.js';
import { Module } from '../module.js';
import { BatchNorm2d } from '../normalisation/batch_norm.js';
import type { ParameterOptions } from '../parameter.js';

export interface DepthwiseSeparableOptions extends ParameterOptions {
  /** Of the depthwise convolution; ≥ 1; default 1. */
  stride?: number;
}

/**
 * MobileNet's block: a convolution of 3 × 3 of each channel by itself and one of 1 × 1 across them, behind each a norm and
 * relu. [N, in, H, W] → [N, out, H / stride, W / stride]. `SeparableConv2d` is the two convolutions alone.
 *
 * @source Howard and others 2017, arXiv:1704.04861, figure 3
 */
export class DepthwiseSeparable extends Module {
  readonly depthwise: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly pointwise: Conv2d;
  readonly bn2: BatchNorm2d;

  /**
   * @param inChannels   whole, ≥ 1
   * @param outChannels  whole, ≥ 1
   */
  constructor(inChannels: number, outChannels: number, { stride = 1, ...options }: DepthwiseSeparableOptions = {}) {
    super();
    checkWhole('DepthwiseSeparable', 'stride', stride, 1);
    const own = { ...options, stride, padding: 1, groups: inChannels, bias: false };
    this.depthwise = new Conv2d(inChannels, inChannels, 3, own);
    this.bn1 = new BatchNorm2d(inChannels, { dtype: options.dtype });
    this.pointwise = new Conv2d(inChannels, outChannels, 1, { ...options, bias: false });
    this.bn2 = new BatchNorm2d(outChannels, { dtype: options.dtype });
  }

  forward(x: Tensor): Tensor {
    const own = relu(this.bn1.forward(this.depthwise.forward(x)));
    return relu(this.bn2.forward(this.pointwise.forward(own)));
  }
}

declareKeepsNothing(DepthwiseSeparable, ({ depthwise, bn1, pointwise, bn2 }) => [depthwise, bn1, pointwise, bn2]);
