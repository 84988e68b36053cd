import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { exp } from '../elementwise/exp.js';
import { log } from '../elementwise/log.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { max } from '../reduction/max.js';
import { sum } from '../reduction/sum.js';
import { fusedAlongAxis } from './softmax.js';

// Maximum, difference, exp, sum, difference; dx = dy − exp y · Σ dy
const onAxis = fusedAlongAxis('logSoftmax', { flops: 5, gradient: 4 }, (x, axis) => {
  const shifted = sub(x, max(x, axis, { keepDims: true }).detach());
  return sub(shifted, log(sum(exp(shifted), axis, { keepDims: true })));
});

/**
 * The logarithm of `softmax`, exact where that underflows: yᵢ = xᵢ − max x − log Σⱼ exp(xⱼ − max x).
 *
 * @param x     [...]
 * @param axis  default −1, the last
 * @returns     of x's shape; integers give float32
 */
export function logSoftmax<S extends Shape, D extends DType>(x: Tensor<S, D>, axis = -1): Tensor<S, Floating<D>> {
  checkTensor('logSoftmax', x);
  const checked = checkAxis('logSoftmax', axis, x.rank);
  return inFloat([x], (x: Tensor) => (x.size === 0 ? emptyLike(x) : onAxis(x, checked)));
}
