import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { stack } from '../shape/stack.js';
import { logSumExp } from './log_sum_exp.js';
import { scan } from './scan.js';

// Difference, exp, product, sum, log, sum; two differences, exps and products, and a sum
kernel('logcumsumexp', { flops: 6 });
kernel('logcumsumexpGradient', { flops: 7 });

const alongAxis = fused(
  'logcumsumexp',
  (x: Tensor, axis: number) => scan(x, axis, (before, behind) => logSumExp(stack([before, behind]), 0)),
  (x, axis) => {
    const y = emptyLike(x);
    run('logcumsumexp', [y, x], [axis]);
    return {
      result: y,
      saved: [x, y],
      // dxᵢ = sᵢ · e^(xᵢ − yᵢ) with sᵢ = dyᵢ + sᵢ₊₁ · e^(yᵢ − yᵢ₊₁)
      backward: (dy) => {
        const dx = emptyLike(x);
        run('logcumsumexpGradient', [dx, dy, x, y], [axis]);
        return [dx];
      },
    };
  },
);

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
  return inFloat([x], (x: Tensor) => alongAxis(x, along));
}
