import { safeSqrt } from '../elementwise/safe_sqrt.js';
import { type FloatOut, reduction } from './reduction.js';
import { checkCorrection, type VarianceOptions, variance } from './variance.js';

/**
 * Standard deviation over the given axes, or all: the square root of `variance`, with derivative 0 where it is 0.
 *
 * @param x           [...]
 * @param axis        one or several; default all
 * @param correction  ≥ 0; default 1
 * @param keepDims    leave reduced axes with size 1; default false
 * @returns           x's shape without these axes
 */
export const std = reduction<FloatOut, VarianceOptions>('std', {
  dtype: 'float',
  check: checkCorrection,
  reduce: (x, axes, options) => safeSqrt(variance(x, axes, options)),
});
