import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { safeSqrt } from '../elementwise/safe_sqrt.js';
import { square } from '../elementwise/square.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';

/**
 * Shortens vectors to a length below 1 and keeps their direction: ‖s‖² / (1 + ‖s‖²) · s / ‖s‖; derivative 0 at 0.
 *
 * @param x     [...]
 * @param axis  of the vectors; default −1, the last
 * @returns     of x's shape; integers give float32
 * @source Sabour, Frosst, Hinton 2017, arXiv:1710.09829, equation 1
 */
export function squash<S extends Shape, D extends DType>(x: Tensor<S, D>, axis = -1): Tensor<S, Floating<D>> {
  checkTensor('squash', x);
  const along = checkAxis('squash', axis, x.rank);
  return inFloat([x], (x: Tensor) => {
    const squared = sum(square(x), along, { keepDims: true });
    return mul(x, div(safeSqrt(squared), add(squared, 1)));
  });
}
