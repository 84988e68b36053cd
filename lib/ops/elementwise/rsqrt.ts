import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * 1 / √x, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const rsqrt: UnaryFloat = unaryFloat('rsqrt', {
  of: (x) => 1 / Math.sqrt(x),
  saves: 'result',
  backward: (dy, y) => mul(dy, mul(mul(y, mul(y, y)), -0.5)),
});
