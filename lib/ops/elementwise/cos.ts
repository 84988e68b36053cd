import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { sin } from './sin.js';

/**
 * Cosine of x in radians, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const cos: UnaryFloat = unaryFloat('cos', {
  of: Math.cos,
  saves: 'input',
  backward: (dy, x) => neg(mul(dy, sin(x))),
});
