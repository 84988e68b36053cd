import { type DType, isFloat } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { widened } from '../precision.js';
import { to } from '../shape/to.js';
import type { SumOut } from './reduction.js';
import { scan } from './scan.js';

/**
 * Running products along one axis: yᵢ = x₀ · … · xᵢ. bool and integers give int32, overflow wraps.
 *
 * Composed of products, so derivatives of every order are right where elements are 0: no division by them.
 *
 * @param x     [...]
 * @param axis  along which to multiply
 * @returns     of x's shape
 */
export function cumprod<S extends Shape, D extends DType>(x: Tensor<S, D>, axis: number): Tensor<S, SumOut[D]> {
  checkTensor('cumprod', x);
  const along = checkAxis('cumprod', axis, x.rank);
  const factors: Tensor = isFloat(x.dtype) ? x : to(x, 'int32');
  return widened(factors, (x) => scan(x, along, mul));
}
