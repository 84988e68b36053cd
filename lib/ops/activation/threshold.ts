import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { gt } from '../elementwise/gt.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

const compute = fusedWithNumbers(
  'threshold',
  { flops: 1, gradient: 1 },
  (x: Tensor, threshold: number, value: number) => where(gt(x, threshold), x, value),
);

/**
 * x where it is above a threshold, else a value; elementwise. With value 0 the non-negative threshold function of sparse
 * coding.
 *
 * @param x          [...]
 * @param threshold  finite
 * @param value      finite; default 0
 * @returns          [...]; integers give float32
 * @throws ValueError "threshold: threshold must be a finite number; got NaN"
 */
export function threshold<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  threshold: number,
  value = 0,
): Tensor<S, Floating<D>> {
  checkTensor('threshold', x);
  checkFinite('threshold', 'threshold', threshold);
  checkFinite('threshold', 'value', value);
  return inFloat([x], (x: Tensor) => compute(x, threshold, value));
}
