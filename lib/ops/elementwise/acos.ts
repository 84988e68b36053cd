import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { rsqrt } from './rsqrt.js';
import { sub } from './sub.js';

/**
 * Inverse cosine in radians, elementwise; NaN outside of −1 … 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const acos: UnaryFloat = unaryFloat('acos', {
  of: Math.acos,
  saves: 'input',
  backward: (dy, x) => neg(mul(dy, rsqrt(sub(1, mul(x, x))))),
});
