import { quantifier } from './any.js';

/**
 * Whether every element over the given axes, or all, is true (not 0); true over none. NaN is not 0.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         bool
 */
export const all = quantifier('all', 'min', 1);
