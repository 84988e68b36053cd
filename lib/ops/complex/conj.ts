import { kernel, run } from '../../backend/index.js';
import { type DType, isComplex } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';

kernel('conj', { flops: 0.5 });

/**
 * The complex conjugate, re − i · im, elementwise. A real tensor is its own.
 *
 * @param x  [...]
 * @returns  [...] of x's dtype
 */
export function conj<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('conj', x);
  if (!isComplex(x.dtype)) return x;
  const y = emptyLike(x);
  run('conj', [parts(y), parts(x)]);
  return record('conj', y, [x], [], (dy) => [conj(dy)]);
}
