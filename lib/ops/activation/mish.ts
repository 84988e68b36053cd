import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { tanh } from '../elementwise/tanh.js';
import { softplus } from './softplus.js';

/**
 * x · tanh(softplus x), elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Misra 2019, arXiv:1908.08681, equation 1
 */
export const mish: UnaryFloat = fusedUnary('mish', { flops: 7, gradient: 13 }, (x) => mul(x, tanh(softplus(x))));
