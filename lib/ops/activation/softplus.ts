import { type UnaryFloat, unaryFloat } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { sigmoid } from './sigmoid.js';

/**
 * log(1 + eˣ), elementwise, without overflow.
 *
 * @param x  [...]
 * @returns  [...]; integers give float32
 */
export const softplus: UnaryFloat = unaryFloat('softplus', {
  of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  saves: 'input',
  backward: (dy, x) => mul(dy, sigmoid(x)),
  // σ · (1 − σ)
  gradientKernel: {
    slope: (dy, x) => {
      const s = sigmoid(x);
      return mul(dy, mul(s, sub(1, s)));
    },
    flops: 2,
  },
});
