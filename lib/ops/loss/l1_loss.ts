import { abs } from '../elementwise/abs.js';
import { sub } from '../elementwise/sub.js';
import { fusedLoss, reducedLoss } from './loss.js';

/** The absolute errors with a factor, reduced. Difference, magnitude, sum; difference, sign, product. */
export const absoluteErrors = fusedLoss('l1Loss', { flops: 3, gradient: 3 }, (x, t) => abs(sub(x, t)));

/**
 * Mean absolute error: |input − target|, reduced; derivative 0 where they are equal.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "l1Loss: input and target must have one shape; got [4, 3] and [4]; reshape one of them"
 */
export const l1Loss = reducedLoss('l1Loss', (x, t, { reduction = 'mean' }) => absoluteErrors(x, t, { reduction }));
