import { run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';

/** x laid out in row-major order without gaps: x itself if it is, else a copy. */
export function contiguous<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('contiguous', x);
  return x.isContiguous ? x : clone(x);
}

/** A copy of x in memory of its own, through which gradients flow. */
export function clone<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('clone', x);
  const y = emptyLike(x);
  run('copy', [parts(y), parts(x)]);
  return record('clone', y, [x], [], (dy) => [dy]);
}
