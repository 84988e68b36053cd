import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/**
 * Logistic function, elementwise: 1 / (1 + e⁻ˣ).
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const sigmoid: UnaryFloat = unaryFloat('sigmoid', {
  saves: 'result',
  backward: (dy, y) => mul(dy, mul(y, sub(1, y))),
  gradientKernel: { name: 'sigmoidGradient', slope: (dy, y) => mul(dy, sub(1, mul(y, 2))) },
});
