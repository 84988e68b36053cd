import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { log } from '../elementwise/log.js';
import { log1p } from '../elementwise/log1p.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';

/**
 * log(x / (1 − x)), elementwise: the inverse of `sigmoid`; −∞ at 0, ∞ at 1, NaN outside of 0 … 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const logit: UnaryFloat = fusedUnary('logit', { flops: 3, gradient: 3 }, (x) => sub(log(x), log1p(neg(x))));
