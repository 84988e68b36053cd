import { type UnaryFloat, unaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';

const sigmoidOf = (x: number): number => {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
};

/**
 * Logistic function, elementwise: 1 / (1 + e⁻ˣ).
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const sigmoid: UnaryFloat = unaryFloat('sigmoid', {
  of: sigmoidOf,
  saves: 'result',
  backward: (dy, y) => mul(dy, mul(y, sub(1, y))),
  // dy · y · (1 − y)
  gradientKernel: { slope: (dy, y) => mul(dy, sub(1, mul(y, 2))), flops: 3 },
});
