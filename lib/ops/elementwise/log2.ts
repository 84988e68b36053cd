import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Logarithm to base 2, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const log2: UnaryFloat = unaryFloat('log2', {
  of: Math.log2,
  saves: 'input',
  backward: (dy, x) => div(dy, mul(x, Math.LN2)),
});
