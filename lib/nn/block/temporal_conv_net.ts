import { checkArray, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { relu } from '../../ops/activation/relu.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ReLU } from '../activation/relu.js';
import { Sequential } from '../container/sequential.js';
import { Conv1d } from '../convolution/conv.js';
import { Module } from '../module.js';
import { WeightNorm } from '../normalisation/weight_norm.js';
import type { ParameterOptions } from '../parameter.js';
import { Dropout1d } from '../regularisation/dropout.js';
import { Residual } from './residual.js';

/** The generator is dropout's too. */
export interface TemporalConvNetOptions extends ParameterOptions {
  /** Elements that a convolution sees; whole, ≥ 1; default 2. */
  kernelSize?: number;
  /** In training, the probability with which a whole channel is set to 0 behind each convolution; within 0 … 1; default 0.2. */
  dropout?: number;
}

export interface TemporalBlockOptions extends TemporalConvNetOptions {
  /** Steps between two elements that a convolution sees; whole, ≥ 1; default 1. */
  dilation?: number;
}

/**
 * Two dilated causal convolutions with a way around them: [N, in, L] → [N, out, L], where no output sees what comes later.
 *
 *   y = relu(branch(x) + shortcut(x)),  branch = twice: convolution with its weight normalised, relu, dropout of channels
 *
 * The shortcut is x, or a convolution of kernel size 1 where in ≠ out.
 *
 * @source Bai, Kolter, Koltun 2018, arXiv:1803.01271, section 3.3 and figure 1
 */
export class TemporalBlock extends Module {
  readonly residual: Residual;
  readonly kernelSize: number;
  readonly dilation: number;

  /**
   * @param inChannels   whole, ≥ 1
   * @param outChannels  whole, ≥ 1
   */
  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    { kernelSize = 2, dilation = 1, dropout = 0.2, ...options }: TemporalBlockOptions = {},
  ) {
    super();
    checkWhole('TemporalBlock', 'kernelSize', kernelSize, 1);
    checkWhole('TemporalBlock', 'dilation', dilation, 1);
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    const part = (channels: number): Module[] => [
      new WeightNorm(new Conv1d(channels, outChannels, kernelSize, { dilation, padding: 'causal', ...options })),
      new ReLU(),
      new Dropout1d(dropout, options),
    ];
    const branch = new Sequential(...part(inChannels), ...part(outChannels));
    const shortcut = inChannels === outChannels ? null : new Conv1d(inChannels, outChannels, 1, options);
    this.residual = new Residual(branch, shortcut);
  }

  forward(x: Tensor): Tensor {
    return relu(this.residual.forward(x));
  }
}

/**
 * Temporal blocks whose dilation doubles from one to the next, 1, 2, 4, …: [N, in, L] → [N, last of channels, L].
 *
 *     const net = new nn.TemporalConvNet(50, [64, 64, 64], { kernelSize: 3 });
 *     const scores = head.forward(max(net.forward(x), 2));      // of a whole text: the greatest over time
 *
 * @source Bai, Kolter, Koltun 2018, arXiv:1803.01271
 */
export class TemporalConvNet extends Sequential<readonly TemporalBlock[]> {
  /**
   * @param inChannels  whole, ≥ 1
   * @param channels    of each block's result; at least one
   * @throws ValueError "TemporalConvNet: channels must have one number for each block; got none"
   */
  constructor(inChannels: number, channels: readonly number[], options: TemporalConvNetOptions = {}) {
    checkArray('TemporalConvNet', 'channels', channels);
    if (channels.length === 0) {
      throw new ValueError('TemporalConvNet: channels must have one number for each block; got none');
    }
    const before = [inChannels, ...channels];
    super(...channels.map((out, k) => new TemporalBlock(before[k], out, { ...options, dilation: 2 ** k })));
  }

  /**
   * How many steps an output depends on, the present one counted: with K blocks and kernel size f, 1 + 2 (f − 1) (2ᴷ − 1). A net
   * of one convolution a level, as in lecture notes 004, line 6327, has (f − 1) (2ᴷ − 1) + 1.
   */
  receptiveField(): number {
    return this.layers.reduce((steps, { kernelSize, dilation }) => steps + 2 * (kernelSize - 1) * dilation, 1);
  }
}
