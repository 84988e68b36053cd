import { checkNonNegative } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { le } from '../elementwise/le.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

const compute = fusedWithNumbers('hardshrink', { flops: 1, gradient: 1 }, (x: Tensor, lambda: number) =>
  where(le(abs(x), lambda), 0, x),
);

/**
 * Hard threshold, elementwise: 0 where |x| ≤ lambda, else x.
 *
 * @param x       [...]
 * @param lambda  ≥ 0; default 0.5
 * @returns       [...]; integers give float32
 * @throws ValueError "hardshrink: lambda must be a finite number ≥ 0; got -1"
 * @source Donoho, Johnstone 1994, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 81, section 2.1
 */
export function hardshrink<S extends Shape, D extends DType>(x: Tensor<S, D>, lambda = 0.5): Tensor<S, Floating<D>> {
  checkTensor('hardshrink', x);
  checkNonNegative('hardshrink', 'lambda', lambda);
  return inFloat([x], (x: Tensor) => compute(x, lambda));
}
