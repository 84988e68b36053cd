import { type UnaryFloat, unaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';

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
