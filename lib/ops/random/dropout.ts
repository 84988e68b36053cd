import { checkFraction } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { bernoulli } from './random.js';

export interface DropoutOptions {
  /** Without training, x passes unchanged; default true. */
  training?: boolean;
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * Sets each element to 0 with probability p, and scales the others by 1 / (1 − p), so that the expectation stays.
 *
 * @param x  [...]
 * @param p  within 0 … 1; default 0.5
 * @returns  of x's shape; integers give float32
 * @throws ValueError "dropout: p must be within 0 … 1; got 1.5"
 * @source Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, JMLR 15, section 10 (inverted dropout)
 */
export function dropout<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  p = 0.5,
  { training = true, generator }: DropoutOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('dropout', x);
  checkFraction('dropout', 'p', p);
  return inFloat([x], (x) => {
    if (!training || p === 0) return x;
    const kept = bernoulli(1 - p, x.shape, { generator });
    return p === 1 ? mul(x, 0) : where(kept, mul(x, 1 / (1 - p)), 0);
  });
}
