import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * Natural logarithm, elementwise; −∞ at 0, NaN below.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const log: UnaryFloat = unaryFloat('log', {
  of: Math.log,
  saves: 'input',
  backward: (dy, x) => div(dy, x),
});
