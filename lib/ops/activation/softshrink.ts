import { checkNonNegative } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';

const compute = fusedWithNumbers('softshrink', { flops: 1, gradient: 1 }, (x: Tensor, lambda: number) =>
  sub(x, clamp(x, { min: -lambda, max: lambda })),
);

/**
 * Soft threshold, elementwise: sign(x) · max(|x| − lambda, 0), the proximal map of lambda · |x|.
 *
 * @param x       [...]
 * @param lambda  ≥ 0; default 0.5
 * @returns       [...]; integers give float32
 * @throws ValueError "softshrink: lambda must be a finite number ≥ 0; got -1"
 * @source Donoho 1995, "De-noising by soft-thresholding", IEEE Transactions on Information Theory 41, equation 3
 */
export function softshrink<S extends Shape, D extends DType>(x: Tensor<S, D>, lambda = 0.5): Tensor<S, Floating<D>> {
  checkTensor('softshrink', x);
  checkNonNegative('softshrink', 'lambda', lambda);
  return inFloat([x], (x: Tensor) => compute(x, lambda));
}
