import { type UnaryFloat, unaryFloat } from './elementwise.js';

/**
 * x without its fraction, elementwise. Derivative 0.
 */
export const trunc: UnaryFloat = unaryFloat('trunc', {
  saves: 'nothing',
  backward: null,
});
