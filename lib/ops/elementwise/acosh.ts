import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { rsqrt } from './rsqrt.js';
import { sub } from './sub.js';

/**
 * Inverse hyperbolic cosine, elementwise; NaN below 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const acosh: UnaryFloat = unaryFloat('acosh', {
  of: Math.acosh,
  saves: 'input',
  backward: (dy, x) => mul(dy, rsqrt(sub(mul(x, x), 1))),
});
