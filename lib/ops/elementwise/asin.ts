import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { rsqrt } from './rsqrt.js';
import { sub } from './sub.js';

/**
 * Inverse sine in radians, elementwise; NaN outside of −1 … 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const asin: UnaryFloat = unaryFloat('asin', {
  of: Math.asin,
  saves: 'input',
  backward: (dy, x) => mul(dy, rsqrt(sub(1, mul(x, x)))),
});
