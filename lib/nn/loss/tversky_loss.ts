import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import { checkTversky, type TverskyLossOptions, tverskyLoss } from '../../ops/loss/tversky_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Tversky loss of each sample, reduced; see the op `tverskyLoss`. */
export class TverskyLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly alpha: number;
  readonly beta: number;

  constructor(options: TverskyLossOptions & LossOptions<R> = {}) {
    super(options);
    const { alpha = 0.5, beta = 0.5 } = options;
    this.alpha = alpha;
    this.beta = beta;
    checkTversky('TverskyLoss', this);
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return tverskyLoss(input, target, this);
  }
}
