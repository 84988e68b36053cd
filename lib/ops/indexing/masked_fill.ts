import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { broadcastShapes, sameShape, show } from '../../core/shape.js';
import type { Broadcast, Checked, Shape } from '../../core/types.js';
import { scalar } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkBool } from '../check.js';
import { where } from './where.js';

/**
 * x with a number in place of the elements where the mask is true.
 *
 * @param x      [...]
 * @param mask   bool, broadcasts to x's shape
 * @param value  takes x's dtype
 * @returns      of x's shape and dtype
 * @throws DTypeError "maskedFill: the mask must be bool; got float32; compare it, e.g. x.ne(0)"
 * @throws ShapeError "maskedFill: the mask [2, 3] must broadcast to the shape [3] of x"
 */
export function maskedFill<S extends Shape, D extends DType, M extends Shape>(
  x: Tensor<S, D>,
  mask: Tensor<M, 'bool'> & Checked<Broadcast<S, M>>,
  value: number,
): Tensor<S, D> {
  checkTensor('maskedFill', x);
  checkBool('maskedFill', 'the mask', mask);
  if (!sameShape(broadcastShapes('maskedFill', x.shape, mask.shape), x.shape)) {
    throw new ShapeError(`maskedFill: the mask ${show(mask.shape)} must broadcast to the shape ${show(x.shape)} of x`);
  }
  const filled: Tensor = scalar('maskedFill', value, x.dtype);
  return where(mask, filled, x as Tensor);
}
