import type { LossReduction } from '../../ops/loss/loss.js';
import { zeroOneLoss } from '../../ops/loss/zero_one_loss.js';
import { ElementwiseLoss } from './loss.js';

/** 1 where input and target differ, else 0, reduced; see the op `zeroOneLoss`. */
export class ZeroOneLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return zeroOneLoss;
  }
}
