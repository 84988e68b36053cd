import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { stack } from '../shape/stack.js';
import { logSumExp } from './log_sum_exp.js';
import { scan } from './scan.js';

/**
 * Logarithms of running sums of exponentials along one axis, without overflow: yᵢ = log (eˣ⁰ + … + eˣⁱ). −∞ as long as every
 * element is, with derivative 0. Integers give float32.
 *
 * @param x     [...]
 * @param axis  along which to add
 * @returns     of x's shape
 */
export function logcumsumexp<S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number): Tensor<S, Floating<D>> {
  checkTensor('logcumsumexp', x);
  const along = checkAxis('logcumsumexp', axis, x.rank);
  return inFloat([x], (x: Tensor) => scan(x, along, (before, behind) => logSumExp(stack([before, behind]), 0)));
}
