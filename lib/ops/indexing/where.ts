import { kernel, run } from '../../backend/index.js';
import { type DType, isComplex, type Promoted } from '../../core/dtype.js';
import { broadcastShapes } from '../../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { parts, type Tensor } from '../../tensor/tensor.js';
import { checkBool } from '../check.js';
import { operands } from '../elementwise/elementwise.js';
import { unsqueeze } from '../shape/unsqueeze.js';

/** The dtype of two branches; a number (never) takes the other's. */
type Either<D extends DType, E extends DType> = [D] extends [never] ? E : [E] extends [never] ? D : Promoted<D, E>;

kernel('where', { flops: 0 });

/**
 * a where the condition holds, else b; elementwise with broadcasting of all three.
 *
 * @param condition  [...] bool
 * @param a          [...] or a number
 * @param b          [...] or a number
 * @returns          of the broadcast shape and the promoted dtype of a and b; a number takes the other's
 * @throws DTypeError "where: the condition must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export function where<
  C extends Shape,
  A extends Shape = [],
  D extends DType = never,
  B extends Shape = [],
  E extends DType = never,
>(
  condition: Tensor<C, 'bool'>,
  a: number | Tensor<A, D>,
  b: number | (Tensor<B, E> & Checked<Broadcast<A, B>>),
): Tensor<Result<Broadcast<C, Result<Broadcast<A, B>>>>, Either<D, E>> {
  checkBool('where', 'the condition', condition);
  const [p, q] = operands('where', a, b);
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', p.shape, q.shape));
  const y: Tensor = empty(shape, p.dtype);
  const choice = isComplex(p.dtype) ? unsqueeze(condition.detach() as Tensor, -1) : condition;
  run('where', [parts(y), choice, parts(p), parts(q)]);
  return record('where', y, [p, q], [condition], (dy, [condition]) => [
    () => where(condition, dy, 0),
    () => where(condition, 0, dy),
  ]);
}
