import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { reciprocal } from '../elementwise/reciprocal.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';
import { checkAreas, overPositions, share } from './overlap.js';

/**
 * Generalised Dice loss of each sample, in which small classes count as much as large ones:
 *
 *   1 − 2 Σₖ wₖ Σ input · target / Σₖ wₖ Σ (input + target),  wₖ = 1 / (Σ target)²
 *
 * with the inner sums over all positions; reduced. A class without positions in the target counts for nothing.
 *
 * @param input   [N, C, ...], probabilities
 * @param target  of input's shape, 1 where a position is of the class, else 0
 * @returns       [], or with reduction 'none' [N]
 * @source Sudre and others 2017, arXiv:1707.03237, section 2.1; lecture notes 004, line 6941
 */
export function generalisedDiceLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkAreas('generalisedDiceLoss', input, target, options);
  return inFloat([input, target], (p: Tensor, t: Tensor) => {
    const size = overPositions(t);
    const absent = eq(size, 0);
    const weight = where(absent, 0, reciprocal(square(where(absent, 1, size))));
    const both = mul(sum(mul(weight, overPositions(mul(p, t))), 1), 2);
    const all = sum(mul(weight, overPositions(add(p, t))), 1);
    return reduceLoss(sub(1, share(both, all)), options);
  });
}
