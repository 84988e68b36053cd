import { cosh } from './cosh.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Hyperbolic sine, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const sinh: UnaryFloat = unaryFloat('sinh', {
  of: Math.sinh,
  saves: 'input',
  backward: (dy, x) => mul(dy, cosh(x)),
});
