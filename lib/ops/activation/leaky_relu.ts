import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { fusedWithNumbers } from '../elementwise/elementwise.js';
import { gt } from '../elementwise/gt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

const compute = fusedWithNumbers('leakyRelu', { flops: 1, gradient: 1 }, (x: Tensor, slope: number) =>
  where(gt(x, 0), x, mul(x, slope)),
);

/**
 * x above 0, slope · x below, elementwise; derivative slope at 0. Integers give float32.
 *
 * @param x      [...]
 * @param slope  default 0.01
 * @returns      of x's shape; integers give float32
 * @throws ValueError "leakyRelu: slope must be a finite number; got NaN"
 */
export function leakyRelu<S extends Shape, D extends DType>(x: Tensor<S, D>, slope = 0.01): Tensor<S, Floating<D>> {
  checkTensor('leakyRelu', x);
  checkFinite('leakyRelu', 'slope', slope);
  return inFloat([x], (x: Tensor) => compute(x, slope));
}
