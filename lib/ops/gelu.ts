import { type DType, promoteToFloat } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { add } from './add.js';
import type { Floating } from './elementwise.js';
import { erf } from './erf.js';
import { mul } from './mul.js';
import { square } from './square.js';
import { tanh } from './tanh.js';
import { to } from './to.js';

/**
 * x · Φ(x), elementwise, Φ the normal distribution function. Integers give float32.
 *
 *   none   x / 2 · (1 + erf(x / √2))
 *   tanh   x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), as GPT-2 has it
 *
 * @param x            [...]
 * @param approximate  'none' or 'tanh'; default 'none'
 * @throws ValueError "gelu: approximate must be 'none' or 'tanh'; got 'sigmoid'"
 * @source Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2
 */
export function gelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {},
): Tensor<S, Floating<D>> {
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new ValueError(`gelu: approximate must be 'none' or 'tanh'; got '${approximate}'`);
  }
  const values: Tensor = to(x, promoteToFloat(x.dtype));
  const curve =
    approximate === 'none'
      ? erf(mul(values, Math.SQRT1_2))
      : tanh(mul(mul(values, add(mul(square(values), 0.044715), 1)), Math.sqrt(2 / Math.PI)));
  return mul(mul(values, 0.5), add(curve, 1)) as Tensor<any, any>;
}
