import { argExtremum } from './argmax.js';

/**
 * The position of the smallest element over the given axes, or all: the first of equals, NaN below everything. Over several
 * axes it counts their elements in row-major order. Not differentiable.
 *
 * @param x         [...], at least one element along the axes
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         int32
 */
export const argmin = argExtremum('argmin');
