import { composedUnary, type UnaryFloat } from '../elementwise/elementwise.js';
import { sub } from '../elementwise/sub.js';
import { tanh } from '../elementwise/tanh.js';

/**
 * x − tanh x, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const tanhshrink: UnaryFloat = composedUnary('tanhshrink', (x) => sub(x, tanh(x)));
