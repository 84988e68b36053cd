import { halfSseLoss } from '../../ops/loss/half_sse_loss.js';
import type { LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** Half of the squared error: ½ · (input − target)², reduced; see the op `halfSseLoss`. */
export class HalfSSELoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return halfSseLoss;
  }
}
