import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { max } from '../reduction/max.js';

/**
 * The largest of every `pieces` neighbours along an axis: pieces linear maps and this are a convex function that is learned.
 *
 * @param x       [...]
 * @param pieces  divides the size of the axis; ≥ 1
 * @param axis    default 1, the channels
 * @returns       x's shape with the axis' size divided by pieces
 * @throws ShapeError "maxout: pieces must divide the size of axis 1; got 2 for 3 of x [2, 3]"
 * @source Goodfellow, Warde-Farley, Mirza, Courville, Bengio 2013, arXiv:1302.4389, section 3
 */
export function maxout<D extends DType>(x: Tensor<any, D>, pieces: number, axis = 1): Tensor<any, D> {
  checkTensor('maxout', x);
  checkWhole('maxout', 'pieces', pieces, 1);
  const along = checkAxis('maxout', axis, x.rank);
  const shape: readonly number[] = x.shape;
  const size = shape[along];
  if (size % pieces !== 0) {
    throw new ShapeError(
      `maxout: pieces must divide the size of axis ${along}; got ${pieces} for ${size} of x ${show(shape)}`,
    );
  }
  const groups: Tensor = x.reshape([...shape.slice(0, along), size / pieces, pieces, ...shape.slice(along + 1)]);
  return max(groups, along + 1);
}
