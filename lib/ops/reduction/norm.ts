import { ValueError } from '../../core/errors.js';
import { abs } from '../elementwise/abs.js';
import { eq } from '../elementwise/eq.js';
import { pow } from '../elementwise/pow.js';
import { safeSqrt } from '../elementwise/safe_sqrt.js';
import { where } from '../indexing/where.js';
import { max } from './max.js';
import { type FloatOut, reducedCount, reduction } from './reduction.js';
import { sum } from './sum.js';
import { sumOfSquares } from './sum_of_squares.js';

export interface NormOptions {
  /** ≥ 1 or Infinity; default 2. */
  p?: number;
}

/**
 * p-norm of the elements over the given axes, or all: (Σ |x|ᵖ)^(1/p), for p = ∞ the largest |x|; 0 over none. The derivative
 * at 0 is 0. Integers give float32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param p         ≥ 1 or Infinity; default 2
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "norm: p must be ≥ 1 or Infinity; got 0"
 */
export const norm = reduction<FloatOut, NormOptions>('norm', {
  dtype: 'float',
  check: (op, { p = 2 }) => {
    if (!(p >= 1)) throw new ValueError(`${op}: p must be ≥ 1 or Infinity; got ${p}`);
  },
  reduce: (x, axes, { p = 2, keepDims = false }) => {
    if (p === 2) return safeSqrt(sumOfSquares(x, axes));
    const sizes = abs(x);
    if (p === 1 || reducedCount(x.shape, axes) === 0) return sum(sizes, axes, { keepDims });
    if (p === Infinity) return max(sizes, axes, { keepDims });
    const total = sum(pow(sizes, p), axes, { keepDims });
    const zero = eq(total, 0);
    return where(zero, 0, pow(where(zero, 1, total), 1 / p));
  },
});
