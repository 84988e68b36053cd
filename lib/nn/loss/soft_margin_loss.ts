import type { LossReduction } from '../../ops/loss/loss.js';
import { softMarginLoss } from '../../ops/loss/soft_margin_loss.js';
import { ElementwiseLoss } from './loss.js';

/** log(1 + e^(−target · input)), reduced; see the op `softMarginLoss`. */
export class SoftMarginLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return softMarginLoss;
  }
}
