import { hingeLoss } from '../../ops/loss/hinge_loss.js';
import type { LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** max(0, 1 − target · input), reduced; see the op `hingeLoss`. */
export class HingeLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return hingeLoss;
  }
}
