import { add } from './add.js';
import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Inverse tangent in radians, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const atan: UnaryFloat = unaryFloat('atan', {
  of: Math.atan,
  saves: 'input',
  backward: (dy, x) => div(dy, add(mul(x, x), 1)),
});
