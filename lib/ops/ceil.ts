import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * The smallest whole number ≥ x, elementwise. Derivative 0.
 */
export const ceil: UnaryFloat = unaryFloat('ceil', {
  saves: 'nothing',
  backward: null,
});
