import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Square root, elementwise; NaN below 0, derivative ∞ at 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const sqrt: UnaryFloat = unaryFloat('sqrt', {
  of: Math.sqrt,
  saves: 'result',
  backward: (dy, y) => div(dy, mul(y, 2)),
});
