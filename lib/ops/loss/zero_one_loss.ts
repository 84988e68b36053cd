import { ne } from '../elementwise/ne.js';
import { to } from '../shape/to.js';
import { elementLoss } from './loss.js';

/**
 * Zero-one loss: 1 where input and target differ, 0 where they are equal, reduced: the share of errors. Not differentiable.
 *
 * @param input   [...], e.g. predicted labels
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @source lecture notes 002, line 806, which has it the other way round: 1 where they are equal
 */
export const zeroOneLoss = elementLoss('zeroOneLoss', (x, t) => to(ne(x, t), x.dtype));
