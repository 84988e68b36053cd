import { type UnaryFloat, unaryFloat } from '../elementwise/elementwise.js';
import { exp } from '../elementwise/exp.js';
import { expm1 } from '../elementwise/expm1.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';

/**
 * log σ(x) = −softplus(−x), elementwise, exact where σ underflows.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const logSigmoid: UnaryFloat = unaryFloat('logSigmoid', {
  of: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  saves: 'result',
  // σ(−x) = 1 − eʸ
  backward: (dy, y) => neg(mul(dy, expm1(y))),
  gradientKernel: { slope: (dy, y) => neg(mul(dy, exp(y))), flops: 3 },
});
