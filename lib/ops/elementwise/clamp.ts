import { kernel, run } from '../../backend/index.js';
import { given } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { DTypeError, ValueError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { emptyLike, scalar } from '../../tensor/create.js';
import { noGrad, record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { zerosLike } from '../creation/zeros_like.js';
import { widened } from '../precision.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';

export interface ClampOptions {
  /** The least value; default −∞. */
  min?: number;
  /** The largest value; default ∞. */
  max?: number;
}

kernel('clamp', { flops: 2 });
kernel('clampGradient', { flops: 1 });

/**
 * min(max(x, low), high), elementwise. The gradient is 1 where low ≤ x ≤ high, both ends included, else 0;
 * none lies within bounds that cross.
 *
 * @param x    [...]
 * @param min  the lower bound; default none
 * @param max  the upper bound, which wins where they cross; default none
 * @returns    [...] of x's dtype
 * @throws ValueError "clamp: at least one of min and max is needed; got neither"
 */
export function clamp<S extends Shape, D extends DType>(x: Tensor<S, D>, options: ClampOptions): Tensor<S, D> {
  const { min = -Infinity, max = Infinity } = given(options);
  checkTensor('clamp', x);
  const bounds = [min > -Infinity, max < Infinity];
  if (!bounds.includes(true)) throw new ValueError('clamp: at least one of min and max is needed; got neither');
  if (x.dtype === 'bool') throw new DTypeError(`clamp: a bool tensor has no bounds; convert with to('int32')`);
  return widened(x, (x) => {
    const y = noGrad(() => (bounds[1] ? (bounds[0] ? between(x, min, max) : minimum(x, max)) : maximum(x, min)));
    if (min > max) return record('clamp', y, [x], [], (dy) => [zerosLike(dy)]);
    return record('clamp', y, [x], [x, y], (dy, [x, y]) => [within(dy, x, y)]);
  }) as Tensor<S, D>;
}

function between(x: Tensor, min: number, max: number): Tensor {
  const y = emptyLike(x);
  run('clamp', [y, x, scalar('clamp', min, x.dtype), scalar('clamp', max, x.dtype)]);
  return y;
}

/** dy where x is the result, which it is within the bounds, else 0. */
function within(dy: Tensor, x: Tensor, y: Tensor): Tensor {
  const dx = emptyLike(x);
  run('clampGradient', [dx, dy, x, y]);
  return record('clampGradient', dx, [dy], [x, y], (ddx, [x, y]) => [within(ddx, x, y)]);
}
