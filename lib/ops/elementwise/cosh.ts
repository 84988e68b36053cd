import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { sinh } from './sinh.js';

/**
 * Hyperbolic cosine, elementwise.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const cosh: UnaryFloat = unaryFloat('cosh', {
  of: Math.cosh,
  saves: 'input',
  backward: (dy, x) => mul(dy, sinh(x)),
});
