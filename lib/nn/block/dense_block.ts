import { checkFraction, checkWhole } from '../../core/check.js';
import { concat } from '../../ops/shape/concat.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ReLU } from '../activation/relu.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Sequential } from '../container/sequential.js';
import { Conv2d } from '../convolution/conv.js';
import { Module } from '../module.js';
import { BatchNorm2d } from '../normalisation/batch_norm.js';
import type { ParameterOptions } from '../parameter.js';
import { AvgPool2d } from '../pooling/avg_pool.js';
import { Dropout } from '../regularisation/dropout.js';

/** The generator is dropout's too. */
export interface DenseBlockOptions extends ParameterOptions {
  /** Channels of a layer's convolution of 1 × 1, in growth rates; 0 for none; default 4. */
  bottleneck?: number;
  /** Probability of the dropout behind each layer; within 0 … 1; default 0. */
  dropout?: number;
}

/**
 * Layers that each see what all before them gave: xₗ = Hₗ([x₀, x₁, …, xₗ₋₁]), of growthRate channels each.
 * [N, in, H, W] → [N, in + numLayers · growthRate, H, W].
 *
 *   H = conv 3 × 3 · relu · norm · conv 1 × 1 · relu · norm
 *
 * @source Huang, Liu, van der Maaten, Weinberger 2016, arXiv:1608.06993, section 3; lecture notes 004, lines 5307 to 5344
 */
export class DenseBlock extends Module {
  readonly layers: readonly Sequential[];

  /**
   * @param numLayers   whole, ≥ 1
   * @param inChannels  whole, ≥ 1
   * @param growthRate  channels that each layer adds; whole, ≥ 1
   */
  constructor(
    numLayers: number,
    inChannels: number,
    readonly growthRate: number,
    { bottleneck = 4, dropout = 0, ...options }: DenseBlockOptions = {},
  ) {
    super();
    checkWhole('DenseBlock', 'numLayers', numLayers, 1);
    checkWhole('DenseBlock', 'growthRate', growthRate, 1);
    checkWhole('DenseBlock', 'bottleneck', bottleneck, 0);
    checkFraction('DenseBlock', 'dropout', dropout);
    const narrow = bottleneck * growthRate;
    const convolved = (from: number, to: number, kernelSize: number): Module[] => [
      new BatchNorm2d(from, { dtype: options.dtype }),
      new ReLU(),
      new Conv2d(from, to, kernelSize, { ...options, padding: (kernelSize - 1) / 2, bias: false }),
    ];
    this.layers = Array.from({ length: numLayers }, (_, i) => {
      const channels = inChannels + i * growthRate;
      const first = bottleneck === 0 ? [] : convolved(channels, narrow, 1);
      const second = convolved(bottleneck === 0 ? channels : narrow, growthRate, 3);
      const last = dropout === 0 ? [] : [new Dropout(dropout, { generator: options.generator })];
      return new Sequential(...first, ...second, ...last);
    });
  }

  forward(x: Tensor): Tensor {
    return this.layers.reduce((all: Tensor, layer): Tensor => concat([all, layer.forward(all)], 1), x);
  }
}

declareKeepsNothing(DenseBlock, ({ layers }) => layers);

/**
 * What stands between two dense blocks: norm, relu, a convolution of 1 × 1, the mean of 2 × 2. [N, in, H, W] → [N, out, H / 2,
 * W / 2]; names of parameters are torchvision's.
 *
 * @source Huang, Liu, van der Maaten, Weinberger 2016, arXiv:1608.06993, section 3, "Pooling layers"
 */
export class Transition extends Module {
  readonly norm: BatchNorm2d;
  readonly relu = new ReLU();
  readonly conv: Conv2d;
  readonly pool = new AvgPool2d(2);

  /**
   * @param inChannels   whole, ≥ 1
   * @param outChannels  half of inChannels in the paper's DenseNet-C; whole, ≥ 1
   */
  constructor(inChannels: number, outChannels: number, options: ParameterOptions = {}) {
    super();
    this.norm = new BatchNorm2d(inChannels, { dtype: options.dtype });
    this.conv = new Conv2d(inChannels, outChannels, 1, { ...options, bias: false });
  }

  forward(x: Tensor): Tensor {
    return this.pool.forward(this.conv.forward(this.relu.forward(this.norm.forward(x))));
  }
}

declareKeepsNothing(Transition, ({ norm, relu, conv, pool }) => [norm, relu, conv, pool]);
