import { checkFraction } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import type { DropoutOptions } from './dropout.js';
import { bernoulli } from './random.js';

/** What `selu` tends to for x → −∞: −λ · α. */
const saturation = -1.0507009873554805 * 1.6732632423543772;

/**
 * Dropout for `selu`: elements become −λα, where it saturates, and all are scaled and shifted so that mean 0 and variance 1
 * stay:
 *
 *   a · (x or −λα) + b      a = ((1 − p) · (1 + p · (λα)²))^(−1/2)      b = a · p · λα
 *
 * @param x  [...]
 * @param p  within 0 … 1; default 0.5; with 1 all is 0
 * @returns  of x's shape; integers give float32
 * @throws ValueError "alphaDropout: p must be within 0 … 1; got 1.5"
 * @source Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515, section 2, "New dropout technique"
 */
export function alphaDropout<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  p = 0.5,
  { training = true, generator }: Omit<DropoutOptions, 'convention'> = {},
): Tensor<S, Floating<D>> {
  checkTensor('alphaDropout', x);
  checkFraction('alphaDropout', 'p', p);
  return inFloat([x], (x: Tensor) => {
    if (!training || p === 0) return x;
    const kept: Tensor<any, 'bool'> = bernoulli(1 - p, x.shape as Shape, { generator });
    if (p === 1) return mul(x, 0);
    const a = ((1 - p) * (1 + p * saturation ** 2)) ** -0.5;
    return add(mul(where(kept, x, saturation), a), -a * p * saturation);
  });
}
