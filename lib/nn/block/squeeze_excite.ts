import { checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { relu } from '../../ops/activation/relu.js';
import { sigmoid } from '../../ops/activation/sigmoid.js';
import { mul } from '../../ops/elementwise/mul.js';
import { mean } from '../../ops/reduction/mean.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { ParameterOptions } from '../parameter.js';

export interface SqueezeExciteOptions extends ParameterOptions {
  /** How many channels become one between the two linear maps; ≥ 1; default 16. At least one is left. */
  reduction?: number;
}

/**
 * Weights each channel by what all channels have on average: y = x · σ(excite(relu(squeeze(mean of positions)))).
 * [N, C, ...] → the same.
 *
 * @source Hu, Shen, Albanie, Sun, Wu 2017, arXiv:1709.01507, equations 2 to 4
 */
export class SqueezeExcite extends Module {
  readonly squeeze: Linear;
  readonly excite: Linear;

  /** @param channels  C; whole, ≥ 1 */
  constructor(
    readonly channels: number,
    { reduction = 16, ...options }: SqueezeExciteOptions = {},
  ) {
    super();
    checkWhole('SqueezeExcite', 'channels', channels, 1);
    checkWhole('SqueezeExcite', 'reduction', reduction, 1);
    const hidden = Math.max(1, Math.floor(channels / reduction));
    this.squeeze = new Linear(channels, hidden, options);
    this.excite = new Linear(hidden, channels, options);
  }

  /** @throws ShapeError "SqueezeExcite: x must have the axes [N, 8, ...positions]; got [2, 4, 3, 3]" */
  forward(x: Tensor): Tensor {
    if (x.rank < 3 || x.shape[1] !== this.channels) {
      throw new ShapeError(
        `SqueezeExcite: x must have the axes [N, ${this.channels}, ...positions]; got ${show(x.shape)}`,
      );
    }
    const positions = x.shape.slice(2).map((_: number, i: number) => i + 2);
    const averages: Tensor = mean(x, positions);
    const weights: Tensor = sigmoid(this.excite.forward(relu(this.squeeze.forward(averages))));
    return mul(x, weights.reshape([...weights.shape, ...positions.map(() => 1)]));
  }
}

declareKeepsNothing(SqueezeExcite, ({ squeeze, excite }) => [squeeze, excite]);
