import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { inFloat } from '../precision.js';
import { diff } from '../reduction/diff.js';
import { sum } from '../reduction/sum.js';
import { flatten } from '../shape/flatten.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

/**
 * Total variation of each image: Σ |xᵢⱼ − xᵢ₊₁ⱼ| + |xᵢⱼ − xᵢⱼ₊₁| over its channels and pixels, reduced; derivative 0 where
 * neighbours are equal.
 *
 * @param x  [N, ..., H, W]
 * @returns  [], or with reduction 'none' [N]
 * @source Rudin, Osher, Fatemi 1992, Physica D 60; the anisotropic form of lecture notes 004, lines 7617–7621
 */
export function totalVariationLoss<const R extends LossReduction = 'mean'>(
  x: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  checkRank('totalVariationLoss', 'x', x, ['batch', '...', 'height', 'width']);
  checkReduction('totalVariationLoss', options.reduction);
  const along = (x: Tensor, axis: number): Tensor => sum(flatten(abs(diff(x, axis)) as Tensor, 1), 1);
  return inFloat([x], (x: Tensor) => reduceLoss(add(along(x, -2), along(x, -1)), options));
}
