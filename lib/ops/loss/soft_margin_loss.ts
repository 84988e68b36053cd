import { softplus } from '../activation/softplus.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { elementLoss } from './loss.js';

/**
 * Logistic loss of labels of two signs: log(1 + e^(−target · input)), reduced.
 *
 * @param input   [...], scores
 * @param target  of input's shape, 1 or −1
 * @returns       [], or with reduction 'none' of input's shape
 */
export const softMarginLoss = elementLoss('softMarginLoss', (x, t) => softplus(neg(mul(t, x))));
