import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * x without its fraction, elementwise. Derivative 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const trunc: UnaryFloat = unaryFloat('trunc', {
  of: Math.trunc,
  saves: 'nothing',
  backward: null,
});
