import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { broadcastStrides, checkShape, show } from '../../core/shape.js';
import type { Literal, Shape } from '../../core/types.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';

/**
 * A view of x with axes of size 1 repeated to the sizes in `shape`, and new axes in front; no memory is used.
 *
 * @param x      [...]
 * @param shape  the result's; aligned at the right with x's
 * @returns      of that shape
 * @throws ShapeError "expand: [2, 3] cannot be repeated to [4, 3]: …"
 */
export function expand<const T extends Shape, D extends DType>(x: Tensor<any, D>, shape: T): Tensor<Literal<T>, D> {
  checkTensor('expand', x);
  checkShape('expand', shape);
  const added = shape.length - x.shape.length;
  if (added < 0 || x.shape.some((d: number, i: number) => d !== shape[i + added] && d !== 1)) {
    throw new ShapeError(
      `expand: ${show(x.shape)} cannot be repeated to ${show(shape)}: aligned at the right, each dimension must be equal or 1`,
    );
  }
  const y = new Tensor(x.storage, x.dtype, [...shape], broadcastStrides(x.shape, x.strides, shape), x.offset);
  return record('expand', y, [x], [], (dy) => [dy]) as Tensor<Literal<T>, D>;
}
