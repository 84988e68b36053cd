import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * 1 / x, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const reciprocal: UnaryFloat = unaryFloat('reciprocal', {
  of: (x) => 1 / x,
  saves: 'result',
  backward: (dy, y) => neg(mul(dy, mul(y, y))),
  complex: (x) => div(1, x),
});
