import { fusedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { sub } from '../elementwise/sub.js';
import { tanh } from '../elementwise/tanh.js';

/**
 * x − tanh x, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const tanhshrink: UnaryFloat = fusedUnary('tanhshrink', { flops: 2, gradient: 3 }, (x) => sub(x, tanh(x)));
