import { div } from '../elementwise/div.js';
import { isNaN } from '../elementwise/is_nan.js';
import { logicalNot } from '../elementwise/logical.js';
import { nansum } from './nansum.js';
import { type FloatOut, reduction } from './reduction.js';
import { sum } from './sum.js';

/**
 * Arithmetic mean over the given axes, or all, of the elements that are not NaN; NaN over none. Integers give float32. No
 * gradient goes to NaN.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const nanmean = reduction<FloatOut>('nanmean', {
  dtype: 'float',
  reduce: (x, axes, options) => div(nansum(x, axes, options), sum(logicalNot(isNaN(x)), axes, options)),
});
