import { extremum } from './max.js';

/**
 * The smallest element over the given axes, or all; NaN if one is. Equal ones share the gradient evenly.
 *
 * @param x         [...], at least one element along the axes
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const min = extremum('min');
