import { composedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { neg } from '../elementwise/neg.js';
import { softplus } from './softplus.js';

/**
 * log σ(x) = −softplus(−x), elementwise, exact where σ underflows.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const logSigmoid: UnaryFloat = composedUnary('logSigmoid', (x) => neg(softplus(neg(x))));
