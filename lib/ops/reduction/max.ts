import { record } from '../../tensor/tape.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { to } from '../shape/to.js';
import { type Reduction, reduceWith, reduction, type SameOut } from './reduction.js';
import { sum } from './sum.js';

/** The gradient of an extremum goes to the elements equal to it, in equal shares. */
export const extremum = (kernel: 'max' | 'min'): Reduction<SameOut> =>
  reduction<SameOut>(kernel, {
    dtype: 'same',
    ofNone: false,
    reduce: (x, axes) => {
      const y = reduceWith(kernel, x, axes);
      return record(kernel, y, [x], [x, y], (dy, [x, y]) => {
        const equal = to(eq(x, y), x.dtype);
        return [mul(div(dy, sum(equal, axes, { keepDims: true })), equal)];
      });
    },
  });

/**
 * The largest element over the given axes, or all; NaN if one is. Equal ones share the gradient evenly.
 *
 * @param x         [...], at least one element along the axes
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const max = extremum('max');
