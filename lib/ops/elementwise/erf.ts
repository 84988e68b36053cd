import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

const tiny = 1e-300;

/**
 * Error function to 1.2e-16 relative: the Maclaurin series below 2.5, the continued fraction of erfc above.
 * Source: Abramowitz, Stegun 1964, 7.1.6 and 7.1.14.
 */
function erfOf(x: number): number {
  const a = Math.abs(x);
  if (a < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  if (a > 6) return Math.sign(x);
  if (Number.isNaN(x)) return x;
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction + tiny);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
}

/**
 * Error function, elementwise: 2/√π · ∫₀ˣ e^(−t²) dt.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const erf: UnaryFloat = unaryFloat('erf', {
  of: erfOf,
  saves: 'input',
  backward: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
});
