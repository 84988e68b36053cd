import { lgamma as of } from '../../backend/reference/gamma.js';
import { digamma } from './digamma.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';

/**
 * Logarithm of the gamma function's size, elementwise: log |Γ(x)|; ∞ at 0, −1, −2 …. float64 within 4e-15 of the value for
 * x > 0, below of max(1, value); float32 within 1 ULP of the same. The derivative is `digamma`.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 * @source Abramowitz, Stegun 1964, 6.1.17, 6.1.33 and 6.1.41
 */
export const lgamma: UnaryFloat = unaryFloat('lgamma', {
  of,
  saves: 'input',
  backward: (dy, x) => mul(dy, digamma(x)),
});
