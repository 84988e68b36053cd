import { checkFraction, checkOneOf } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { bernoulli } from './random.js';

/** When the expectation is made up for: in training by 1 / (1 − p), or in evaluation by 1 − p, as the first papers did. */
export type DropoutConvention = 'inverted' | 'plain';

export interface DropoutOptions {
  /** Without training, x passes unchanged, with convention 'plain' scaled; default true. */
  training?: boolean;
  /** Scale the elements that stay in training ('inverted', the default), or all of them in evaluation ('plain'). */
  convention?: DropoutConvention | undefined;
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * Sets each element to 0 with probability p, and scales the others by 1 / (1 − p), so that the expectation stays. With
 * convention 'plain' the others stay, and in evaluation all are multiplied with 1 − p, the probability of staying.
 *
 * @param x  [...]
 * @param p  within 0 … 1; default 0.5
 * @returns  of x's shape; integers give float32
 * @throws ValueError "dropout: p must be within 0 … 1; got 1.5"
 * @source Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, JMLR 15, section 10 (inverted), section 4 (plain)
 */
export function dropout<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  p = 0.5,
  options: DropoutOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('dropout', x);
  return dropped('dropout', x, p, x.shape, options);
}

/** `dropout` with one decision for all elements that a shape, which broadcasts to x, does not tell apart. */
export function dropped(op: string, x: Tensor, p: number, shape: Shape, options: DropoutOptions): Tensor {
  const { training = true, convention = 'inverted', generator } = options;
  checkFraction(op, 'p', p);
  checkOneOf(op, 'convention', convention, ['inverted', 'plain']);
  return inFloat([x], (x) => {
    if (p === 0) return x;
    if (!training) return convention === 'plain' ? mul(x, 1 - p) : x;
    const kept: Tensor<any, 'bool'> = bernoulli(1 - p, shape, { generator });
    if (p === 1) return mul(x, 0);
    return where(kept, convention === 'plain' ? x : mul(x, 1 / (1 - p)), 0);
  });
}
