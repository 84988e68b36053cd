import { l1Loss } from '../../ops/loss/l1_loss.js';
import type { LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** Mean absolute error: |input − target|, reduced; see the op `l1Loss`. */
export class L1Loss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return l1Loss;
  }
}
