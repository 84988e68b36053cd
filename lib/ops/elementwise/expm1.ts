import { add } from './add.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * eˣ − 1, elementwise, exact also near 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const expm1: UnaryFloat = unaryFloat('expm1', {
  of: Math.expm1,
  saves: 'result',
  backward: (dy, y) => mul(dy, add(y, 1)),
});
