import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { concat } from '../shape/concat.js';
import { split } from '../shape/split.js';
import { softmax } from './softmax.js';

/**
 * A `softmax` for each of several groups of neighbours along an axis: each group's shares add up to 1.
 *
 * @param x      [...]
 * @param sizes  of the groups, which add up to the axis; or one size, the last group with what is left over
 * @param axis   default −1, the last
 * @returns      of x's shape; integers give float32
 * @throws ShapeError "split: sizes [2, 2] must add up to 5, axis 1 of shape [3, 5]"
 */
export function groupedSoftmax<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  sizes: number | readonly number[],
  axis = -1,
): Tensor<S, Floating<D>> {
  checkTensor('groupedSoftmax', x);
  const along = checkAxis('groupedSoftmax', axis, x.rank);
  return inFloat([x], (x: Tensor) =>
    concat(
      (split(x, sizes, along) as Tensor[]).map((group): Tensor => softmax(group, along)),
      along,
    ),
  );
}
