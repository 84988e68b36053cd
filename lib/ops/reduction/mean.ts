import { mul } from '../elementwise/mul.js';
import { type FloatOut, reducedCount, reduction } from './reduction.js';
import { sum } from './sum.js';

/**
 * Arithmetic mean over the given axes, or all; NaN over none. Integers give float32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const mean = reduction<FloatOut>('mean', {
  dtype: 'float',
  reduce: (x, axes, options) => mul(sum(x, axes, options), 1 / reducedCount(x.shape, axes)),
});
