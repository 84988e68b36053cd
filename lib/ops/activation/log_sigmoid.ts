import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { neg } from '../elementwise/neg.js';
import { softplus } from './softplus.js';

/**
 * log σ(x) = −softplus(−x), elementwise, exact where σ underflows.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const logSigmoid: UnaryFloat = fusedUnary('logSigmoid', { flops: 3, gradient: 3 }, (x) => neg(softplus(neg(x))));
