import { cos } from './cos.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Sine of x in radians, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const sin: UnaryFloat = unaryFloat('sin', {
  of: Math.sin,
  saves: 'input',
  backward: (dy, x) => mul(dy, cos(x)),
});
