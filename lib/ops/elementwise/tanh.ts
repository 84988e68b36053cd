import { type UnaryFloat, unaryFloat } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/**
 * Hyperbolic tangent, elementwise: (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const tanh: UnaryFloat = unaryFloat('tanh', {
  of: Math.tanh,
  saves: 'result',
  backward: (dy, y) => mul(dy, sub(1, mul(y, y))),
  // dy · (1 − y²)
  gradientKernel: { slope: (dy, y) => mul(dy, mul(y, -2)), flops: 3 },
});
