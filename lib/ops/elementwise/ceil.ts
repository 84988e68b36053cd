import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * The smallest whole number ≥ x, elementwise. Derivative 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const ceil: UnaryFloat = unaryFloat('ceil', {
  of: Math.ceil,
  saves: 'nothing',
  backward: null,
});
