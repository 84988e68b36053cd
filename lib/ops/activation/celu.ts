import { checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';
import { div } from '../elementwise/div.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { expm1 } from '../elementwise/expm1.js';
import { gt } from '../elementwise/gt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

const compute = fusedWithNumbers('celu', { flops: 3, gradient: 3 }, (x: Tensor, alpha: number) =>
  where(gt(x, 0), x, mul(expm1(div(clamp(x, { max: 0 }), alpha)), alpha)),
);

/**
 * Exponential linear unit whose slope is continuous, elementwise: x above 0, alpha · (e^(x / alpha) − 1) below.
 *
 * @param x      [...]
 * @param alpha  > 0; default 1
 * @returns      [...]; integers give float32
 * @throws ValueError "celu: alpha must be a number > 0; got 0"
 * @source Barron 2017, arXiv:1704.07483, equation 2
 */
export function celu<S extends Shape, D extends DType>(x: Tensor<S, D>, alpha = 1): Tensor<S, Floating<D>> {
  checkTensor('celu', x);
  checkPositive('celu', 'alpha', alpha);
  return inFloat([x], (x: Tensor) => compute(x, alpha));
}
