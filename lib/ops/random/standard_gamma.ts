import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { StateError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { digamma } from '../elementwise/digamma.js';
import { div } from '../elementwise/div.js';
import { log } from '../elementwise/log.js';
import { maximum } from '../elementwise/maximum.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { drawFrom } from './random.js';

// About so many: a draw without a rejection, and a sum of some tens of terms.
kernel('standardGamma', { flops: 25 });
kernel('standardGammaGradient', { flops: 200 });

const leastNormal = { float32: 2 ** -126, float64: 2 ** -1022 };

/**
 * Numbers of gamma distributions of rate 1, each of a concentration of its own; at least the dtype's least normal number, NaN
 * where the concentration is no number > 0. The derivative is that of the quantile which the number is, within 1e-8; it has
 * none by the concentration in turn.
 *
 *   ∂x/∂a = −∂P(a, x)/∂a / (∂P(a, x)/∂x),  P: the regularised incomplete gamma function
 *
 * @param concentration  [...], > 0
 * @returns              of its shape; integers give float32
 * @source Marsaglia, Tsang 2000, "A simple method for generating gamma variables", doi:10.1145/358407.358414; derivative:
 *         Figurnov, Mohamed, Mnih 2018, "Implicit reparameterization gradients", arXiv:1805.08498, section 3.1
 */
export function standardGamma<S extends Shape, D extends DType>(
  concentration: Tensor<S, D>,
  { generator }: { generator?: Generator | undefined } = {},
): Tensor<S, Floating<D>> {
  checkTensor('standardGamma', concentration);
  return inFloat([concentration], (a: Tensor) => {
    const x = maximum(drawFrom('standardGamma', a, generator), leastNormal[a.dtype as 'float32']) as Tensor;
    return record('standardGamma', x, [a], [a, x], (dx, [a, x]) => [mul(dx, slope(a, x))]);
  });
}

/** ∂x/∂a. */
function slope(a: Tensor, x: Tensor): Tensor {
  const y = emptyLike(x);
  run('standardGammaGradient', [y, a, x]);
  return record('standardGammaGradient', y, [a, x], [a, x, y], (dy, [a, x, y]) => [
    () => {
      throw new StateError(
        'standardGamma: its derivative by the concentration has none in turn; got a second derivative; take the first alone',
      );
    },
    // y = −∂P/∂a / p with p = ∂P/∂x: ∂y/∂x = ψ(a) − log x − y · ((a − 1) / x − 1)
    () => mul(dy, sub(sub(digamma(a), log(x)), mul(y, add(div(sub(a, 1), x), -1)))),
  ]);
}
