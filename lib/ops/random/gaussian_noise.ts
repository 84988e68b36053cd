import { checkNonNegative } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { inFloat } from '../precision.js';
import type { DropoutOptions } from './dropout.js';
import { randn } from './random.js';

/**
 * Adds normally distributed noise of mean 0 to each element, in training: of inputs it is a penalty on the function's slope.
 *
 * @param x    [...]
 * @param std  the noise's standard deviation; ≥ 0
 * @returns    of x's shape; integers give float32
 * @throws ValueError "gaussianNoise: std must be a finite number ≥ 0; got -1"
 * @source Bishop 1995, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 7
 */
export function gaussianNoise<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  std: number,
  { training = true, generator }: Omit<DropoutOptions, 'convention'> = {},
): Tensor<S, Floating<D>> {
  checkTensor('gaussianNoise', x);
  checkNonNegative('gaussianNoise', 'std', std);
  return inFloat([x], (x: Tensor) =>
    training && std > 0 ? add(x, randn(x.shape, { std, generator, dtype: x.dtype }) as Tensor) : x,
  );
}
