import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { fusedLoss, reducedLoss } from './loss.js';

/** The squared errors with a factor, reduced. Difference, square, sum; difference, factor, product. */
export const squaredErrors = fusedLoss('mseLoss', { flops: 3, gradient: 3 }, (x, t) => square(sub(x, t)));

/**
 * Mean squared error: (input − target)², reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "mseLoss: input and target must have one shape; got [4, 3] and [4]; reshape one of them"
 */
export const mseLoss = reducedLoss('mseLoss', (x, t, { reduction = 'mean' }) => squaredErrors(x, t, { reduction }));
