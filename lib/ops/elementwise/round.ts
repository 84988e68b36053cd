import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * The nearest whole number, elementwise; halves go to the even one. Derivative 0.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const round: UnaryFloat = unaryFloat('round', {
  saves: 'nothing',
  backward: null,
});
