import { run } from '../backend/index.js';
import type { DType } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { Shape } from '../core/types.js';
import { fused } from '../tensor/op.js';
import type { Tensor } from '../tensor/tensor.js';
import { add } from './add.js';
import { emptyLike, type Floating } from './elementwise.js';
import { erf } from './erf.js';
import { mul } from './mul.js';
import { inFloat } from './precision.js';
import { tanh } from './tanh.js';

/** 'none': the normal distribution's Φ by its error function; 'tanh': the paper's approximation of it. */
export type GeluApproximation = 'none' | 'tanh';

const elementwise = fused(
  'gelu',
  (x: Tensor, approximate: GeluApproximation) => {
    const inner =
      approximate === 'none'
        ? erf(mul(x, Math.SQRT1_2))
        : tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
    return mul(mul(x, 0.5), add(inner, 1));
  },
  (x: Tensor, approximate: GeluApproximation) => {
    const numbers = [Number(approximate === 'tanh')];
    const y = emptyLike(x);
    run('gelu', [y, x], numbers);
    return {
      result: y,
      saved: [x],
      // dx = dy · (Φ(x) + x · φ(x)); with 'tanh', the approximation's own derivative
      backward: (dy) => {
        const dx = emptyLike(x);
        run('geluGradient', [dx, dy, x], numbers);
        return [dx];
      },
    };
  },
);

/**
 * Gaussian error linear unit, elementwise: x · Φ(x) = x / 2 · (1 + erf(x / √2)); with approximate 'tanh',
 * x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))).
 *
 * @param x            [...]
 * @param approximate  'none' (default) or 'tanh'
 * @returns            of x's shape; integers give float32
 * @throws ValueError "gelu: approximate must be 'none' or 'tanh'; got 'erf'"
 * @source Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2
 */
export function gelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { approximate = 'none' }: { approximate?: GeluApproximation } = {},
): Tensor<S, Floating<D>> {
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new ValueError(`gelu: approximate must be 'none' or 'tanh'; got '${approximate}'`);
  }
  return inFloat([x], (x) => elementwise(x, approximate));
}
