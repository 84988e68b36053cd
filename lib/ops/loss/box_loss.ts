import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { norm } from '../reduction/norm.js';
import { sum } from '../reduction/sum.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

/**
 * Localisation loss of each box: the sum of its corners' distances, Σ ‖input − target‖ over the corners, reduced; derivative
 * 0 where corners are equal.
 *
 * @param input   [..., corners, 2]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape without its last two axes
 * @source lecture notes 000, line 1101, with four corners
 */
export function boxLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkRank('boxLoss', 'input', input, ['...', 'corners', 'coordinates']);
  checkOneShape('boxLoss', { input, target });
  checkReduction('boxLoss', options.reduction);
  return inFloat([input, target], (x: Tensor, t: Tensor) => reduceLoss(sum(norm(sub(x, t), -1), -1), options));
}
