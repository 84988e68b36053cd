import { kernel, run } from '../../backend/index.js';
import { checkWhole } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { digamma } from './digamma.js';
import { mul } from './mul.js';

kernel('polygamma', { flops: 1 });

/**
 * The derivative of `digamma` of an order, elementwise: ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! Σₖ 1 / (x + k)ⁿ⁺¹ over k ≥ 0; (−1)ⁿ⁺¹ ∞ at 0, −1,
 * −2 …. float64 within 4e-15 of the value for x > 0; float32 is rounded from it.
 *
 * @param order  whole, ≥ 0; 0 is `digamma` itself
 * @param x      [...]
 * @returns      [...]; integers give float32
 * @throws ValueError "polygamma: order must be a whole number ≥ 0; got -1"
 * @source Abramowitz, Stegun 1964, 6.4.10 and 23.1.30
 */
export function polygamma<S extends Shape, D extends DType>(order: number, x: Tensor<S, D>): Tensor<S, Floating<D>> {
  checkTensor('polygamma', x);
  checkWhole('polygamma', 'order', order, 0);
  return order === 0 ? digamma(x) : inFloat([x], (x: Tensor) => derivative(order, x));
}

function derivative(order: number, x: Tensor): Tensor {
  const y = emptyLike(x);
  run('polygamma', [y, x], [order]);
  return record('polygamma', y, [x], [x], (dy, [x]) => [mul(dy, derivative(order + 1, x))]);
}
