import { fill } from '../../tensor/create.js';
import { ne } from '../elementwise/ne.js';
import { type BoolOut, keptShape, type Reduction, reducedCount, reduceWith, reduction } from './reduction.js';

/** `any` or `all`: the extremum of truth, and what holds of no elements. */
export const quantifier = (op: string, kernel: 'max' | 'min', ofNone: 0 | 1): Reduction<BoolOut> =>
  reduction<BoolOut>(op, {
    dtype: 'given',
    reduce: (x, axes) =>
      reducedCount(x.shape, axes) === 0
        ? fill(keptShape(x.shape, axes), ofNone, 'bool')
        : reduceWith(kernel, x.dtype === 'bool' ? x : ne(x, 0), axes),
  });

/**
 * Whether at least one element over the given axes, or all, is true (not 0); false over none. NaN is not 0.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         bool
 */
export const any = quantifier('any', 'max', 0);
