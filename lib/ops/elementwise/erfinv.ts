import { erfinv as of } from '../../backend/reference/gamma.js';
import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { square } from './square.js';

/**
 * Inverse of `erf`, elementwise: the y with erf y = x; ±∞ at ±1, NaN beyond. float64 within 1e-15 of the value; float32 is
 * rounded from it.
 *
 * @param x  [...], within −1 … 1
 * @returns  [...]; integers give float32
 * @source Wichura 1988, "The percentage points of the normal distribution", Applied Statistics 37(3), algorithm AS 241
 */
export const erfinv: UnaryFloat = unaryFloat('erfinv', {
  of,
  saves: 'result',
  // 1 / erf′(y)
  backward: (dy, y) => mul(dy, mul(exp(square(y)), Math.sqrt(Math.PI) / 2)),
});
