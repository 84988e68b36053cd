import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/**
 * Inverse hyperbolic tangent, elementwise; NaN outside of −1 … 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const atanh: UnaryFloat = unaryFloat('atanh', {
  of: Math.atanh,
  saves: 'input',
  backward: (dy, x) => div(dy, sub(1, mul(x, x))),
});
