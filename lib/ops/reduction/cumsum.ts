import { kernel, run } from '../../backend/index.js';
import { type DType, isDifferentiable } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { widened } from '../precision.js';
import { to } from '../shape/to.js';
import type { SumOut } from './reduction.js';

/**
 * Running sums along one axis: yᵢ = x₀ + … + xᵢ. bool and integers give int32, overflow wraps.
 *
 * @param x     [...]
 * @param axis  along which to add
 * @returns     of x's shape
 */
export function cumsum<S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number): Tensor<S, SumOut[D]> {
  checkTensor('cumsum', x);
  const along = checkAxis('cumsum', axis, x.rank);
  const summed: Tensor = isDifferentiable(x.dtype) ? x : to(x, 'int32');
  return widened(summed, (x) => scan(x, along, false));
}

kernel('cumsum', { flops: 1 });

/** Sums from the start, or from the end: each way is the other's backward. */
function scan(x: Tensor, axis: number, reverse: boolean): Tensor {
  const y = emptyLike(x);
  run('cumsum', [parts(y), parts(x)], [axis, Number(reverse)]);
  if (!isDifferentiable(x.dtype)) return y;
  return record('cumsum', y, [x], [], (dy) => [scan(dy, axis, !reverse)]);
}
