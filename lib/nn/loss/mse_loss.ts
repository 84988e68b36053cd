import type { LossReduction } from '../../ops/loss/loss.js';
import { mseLoss } from '../../ops/loss/mse_loss.js';
import { ElementwiseLoss } from './loss.js';

/** Mean squared error: (input − target)², reduced; see the op `mseLoss`. */
export class MSELoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return mseLoss;
  }
}
