import { digamma as of } from '../../backend/reference/gamma.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { polygamma } from './polygamma.js';

/**
 * The gamma function's logarithmic derivative, elementwise: ψ(x) = Γ′(x) / Γ(x); ∓∞ at ±0, NaN at −1, −2 …. float64 within
 * 4e-15 of max(1, |value|); float32 within 1 ULP of that. The derivative is `polygamma` of order 1.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Abramowitz, Stegun 1964, 6.3.5, 6.3.7 and 6.3.18
 */
export const digamma: UnaryFloat = unaryFloat('digamma', {
  of,
  saves: 'input',
  backward: (dy, x) => mul(dy, polygamma(1, x)),
});
