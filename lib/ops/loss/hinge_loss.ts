import { relu } from '../activation/relu.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { elementLoss } from './loss.js';

/**
 * Hinge loss: max(0, 1 − target · input), reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 * @source Cortes, Vapnik 1995, "Support-vector networks", Machine Learning 20(3)
 */
export const hingeLoss = elementLoss('hingeLoss', (x, t) => relu(sub(1, mul(t, x))));
