import { add } from './add.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { rsqrt } from './rsqrt.js';

/**
 * Inverse hyperbolic sine, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const asinh: UnaryFloat = unaryFloat('asinh', {
  of: Math.asinh,
  saves: 'input',
  backward: (dy, x) => mul(dy, rsqrt(add(mul(x, x), 1))),
});
