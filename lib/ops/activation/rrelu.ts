import type { DType, Floating } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import { scalar } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';
import { rand } from '../random/random.js';
import { sloped } from './prelu.js';

export interface RreluOptions {
  /** The least slope below 0; default 1/8. */
  lower?: number | undefined;
  /** The largest slope below 0; ≥ lower; default 1/3. */
  upper?: number | undefined;
  /** Without training the slope is the mean of both; default true. */
  training?: boolean | undefined;
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * Randomised leaky ReLU, elementwise: x from 0 on, slope · x below, with each element's slope uniform in [lower, upper).
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @throws ValueError "rrelu: lower and upper must be finite, lower ≤ upper; got 1 and 0"
 * @source Xu, Wang, Chen, Li 2015, arXiv:1505.00853, section 2.4
 */
export function rrelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { lower = 1 / 8, upper = 1 / 3, training = true, generator }: RreluOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('rrelu', x);
  if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower <= upper)) {
    throw new ValueError(`rrelu: lower and upper must be finite, lower ≤ upper; got ${lower} and ${upper}`);
  }
  return inFloat([x], (x: Tensor) => {
    const slope = training
      ? rand(x.shape, { low: lower, high: upper, dtype: x.dtype, generator })
      : scalar('rrelu', (lower + upper) / 2, x.dtype);
    return sloped(x, slope as Tensor);
  });
}
