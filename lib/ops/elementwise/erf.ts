import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/**
 * Error function, elementwise: 2/√π · ∫₀ˣ e^(−t²) dt.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const erf: UnaryFloat = unaryFloat('erf', {
  saves: 'input',
  backward: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
});
