import { relu } from '../activation/relu.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

/**
 * Squared hinge loss: max(0, 1 − target · input)², reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 * @source Tang 2013, arXiv:1306.0239, section 2.2
 */
export const squaredHingeLoss = elementLoss('squaredHingeLoss', (x, t) => square(relu(sub(1, mul(t, x)))));
