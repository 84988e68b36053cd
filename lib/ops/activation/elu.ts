import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { expm1 } from '../elementwise/expm1.js';
import { gt } from '../elementwise/gt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

// Without the bound eˣ is infinite where it is not taken, and its gradient there NaN.
const compute = fusedWithNumbers('elu', { flops: 2, gradient: 3 }, (x: Tensor, alpha: number) =>
  where(gt(x, 0), x, mul(expm1(clamp(x, { max: 0 })), alpha)),
);

/**
 * Exponential linear unit, elementwise: x above 0, alpha · (eˣ − 1) below; derivative alpha at 0.
 *
 * @param x      [...]
 * @param alpha  default 1
 * @returns      [...]; integers give float32
 * @throws ValueError "elu: alpha must be a finite number; got NaN"
 * @source Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289, equation 15
 */
export function elu<S extends Shape, D extends DType>(x: Tensor<S, D>, alpha = 1): Tensor<S, Floating<D>> {
  checkTensor('elu', x);
  checkFinite('elu', 'alpha', alpha);
  return inFloat([x], (x: Tensor) => compute(x, alpha));
}
