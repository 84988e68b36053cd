import { add } from './add.js';
import { div } from './div.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * log(1 + x), elementwise, exact also near 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const log1p: UnaryFloat = unaryFloat('log1p', {
  of: Math.log1p,
  saves: 'input',
  backward: (dy, x) => div(dy, add(x, 1)),
});
