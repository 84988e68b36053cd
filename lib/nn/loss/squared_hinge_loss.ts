import type { LossReduction } from '../../ops/loss/loss.js';
import { squaredHingeLoss } from '../../ops/loss/squared_hinge_loss.js';
import { ElementwiseLoss } from './loss.js';

/** max(0, 1 − target · input)², reduced; see the op `squaredHingeLoss`. */
export class SquaredHingeLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return squaredHingeLoss;
  }
}
