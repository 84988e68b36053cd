import { kernel, run } from '../../backend/index.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { widened } from '../precision.js';
import { to } from '../shape/to.js';
import type { SumOut } from './reduction.js';
import { scan } from './scan.js';

// From the end: a sum and two products.
kernel('cumprod', { flops: 1 });
kernel('cumprodGradient', { flops: 3 });

const alongAxis = fused(
  'cumprod',
  (x: Tensor, axis: number) => scan(x, axis, mul),
  (x, axis) => {
    const y = emptyLike(x);
    run('cumprod', [y, x], [axis]);
    return {
      result: y,
      saved: [x, y],
      // dxᵢ = yᵢ₋₁ · sᵢ with sᵢ = dyᵢ + xᵢ₊₁ · sᵢ₊₁
      backward: (dy) => {
        const dx = emptyLike(x);
        run('cumprodGradient', [dx, dy, x, y], [axis]);
        return [dx];
      },
    };
  },
);

/**
 * Running products along one axis: yᵢ = x₀ · … · xᵢ. bool and integers give int32, overflow wraps.
 *
 * Derivatives of every order are products too: right where elements are 0, by which nothing is divided.
 *
 * @param x     [...]
 * @param axis  along which to multiply
 * @returns     of x's shape
 */
export function cumprod<S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number): Tensor<S, SumOut[D]> {
  checkTensor('cumprod', x);
  const along = checkAxis('cumprod', axis, x.rank);
  const factors: Tensor = isFloat(x.dtype) ? x : to(x, 'int32');
  return widened(factors, (x: Tensor) => alongAxis(x, along));
}
