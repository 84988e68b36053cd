import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';
import { checkAreas, overPositions, share } from './overlap.js';

/**
 * Dice loss of each class of each sample: 1 − 2 Σ input · target / Σ (input + target), over all positions; reduced. 0 where
 * both are empty.
 *
 * @param input   [N, C, ...], probabilities
 * @param target  of input's shape, 1 where a position is of the class, else 0
 * @returns       [], or with reduction 'none' [N, C]
 * @source Milletari, Navab, Ahmadi 2016, arXiv:1606.04797, section 3, without squares below, as in lecture notes 004, line 6937
 */
export function diceLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkAreas('diceLoss', input, target, options);
  return inFloat([input, target], (p: Tensor, t: Tensor) => {
    const both = mul(overPositions(mul(p, t)), 2);
    return reduceLoss(sub(1, share(both, overPositions(add(p, t)))), options);
  });
}
