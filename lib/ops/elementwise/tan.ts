import { add } from './add.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Tangent of x in radians, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const tan: UnaryFloat = unaryFloat('tan', {
  of: Math.tan,
  saves: 'result',
  backward: (dy, y) => mul(dy, add(mul(y, y), 1)),
});
