import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

/**
 * Mean squared error: (input − target)², reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "mseLoss: input and target must have one shape; got [4, 3] and [4]; reshape one of them"
 */
export const mseLoss = elementLoss('mseLoss', (x, t) => square(sub(x, t)));
