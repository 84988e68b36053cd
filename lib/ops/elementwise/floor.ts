import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * The largest whole number ≤ x, elementwise. Derivative 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const floor: UnaryFloat = unaryFloat('floor', {
  of: Math.floor,
  saves: 'nothing',
  backward: null,
});
