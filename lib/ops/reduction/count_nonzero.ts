import { ne } from '../elementwise/ne.js';
import { type IndexOut, reduction } from './reduction.js';
import { sum } from './sum.js';

/**
 * How many elements over the given axes, or all, are not 0; NaN is not 0. Not differentiable.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         int32
 */
export const countNonzero = reduction<IndexOut>('countNonzero', {
  dtype: 'given',
  reduce: (x, axes, options) => sum(ne(x, 0), axes, options),
});
