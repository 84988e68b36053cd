import { polar } from '../complex/polar.js';
import { imag, real } from '../complex/real.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * eˣ, elementwise. In float32 within 1 ULP; ∞ above 88.72, 0 below −103.97.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const exp: UnaryFloat = unaryFloat('exp', {
  of: Math.exp,
  saves: 'result',
  backward: (dy, y) => mul(dy, y),
  complex: (x) => polar(exp(real(x)), imag(x)),
});
