import { run } from '../backend/index.js';
import type { DType } from '../core/dtype.js';
import { DTypeError } from '../core/errors.js';
import { broadcastShapes } from '../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../core/types.js';
import { empty } from '../tensor/create.js';
import { record } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { operands, type Promoted } from './elementwise.js';

/** `where`: at least one of a and b is a tensor; a number takes the other's dtype. */
export interface Where {
  <C extends Shape, A extends Shape, D extends DType, B extends Shape, E extends DType>(
    condition: Tensor<C, 'bool'>,
    a: Tensor<A, D>,
    b: Tensor<B, E> & Checked<Broadcast<A, B>>,
  ): Tensor<Result<Broadcast<C, Result<Broadcast<A, B>>>>, Promoted<D, E>>;
  <C extends Shape, A extends Shape, D extends DType>(
    condition: Tensor<C, 'bool'>,
    a: Tensor<A, D>,
    b: number,
  ): Tensor<Result<Broadcast<C, A>>, D>;
  <C extends Shape, B extends Shape, E extends DType>(
    condition: Tensor<C, 'bool'>,
    a: number,
    b: Tensor<B, E>,
  ): Tensor<Result<Broadcast<C, B>>, E>;
}

/**
 * a where the condition holds, else b; elementwise with broadcasting of all three.
 *
 * @param condition  [...] bool
 * @param a          [...] or a number
 * @param b          [...] or a number
 * @throws DTypeError "where: the condition must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export const where: Where = ((condition: Tensor, a: Tensor | number, b: Tensor | number) => {
  if (condition.dtype !== 'bool') {
    throw new DTypeError(`where: the condition must be bool; got ${condition.dtype}; compare it, e.g. x.ne(0)`);
  }
  const [p, q] = operands('where', a, b);
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', p.shape, q.shape));
  const y = empty(shape, p.dtype);
  run('where', [y, condition, p, q]);
  return record('where', y, [p, q], [condition], (dy) => [
    () => where(condition, dy, 0),
    () => where(condition, 0, dy),
  ]);
}) as Where;
