import { runningExtremum } from './cummax.js';

/**
 * The smallest of the elements so far along one axis, and its position: the last one of equals, which takes the whole
 * gradient; NaN once one was NaN.
 *
 * @param x     [...]
 * @param axis  along which to look
 * @returns     values and int32 indices, of x's shape
 */
export const cummin = runningExtremum('cummin');
