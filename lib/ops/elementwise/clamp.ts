import { given } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { DTypeError, ValueError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { noGrad, record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { where } from '../indexing/where.js';
import { ge } from './ge.js';
import { le } from './le.js';
import { logicalAnd } from './logical.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';

export interface ClampOptions {
  /** The least value; default −∞. */
  min?: number;
  /** The largest value; default ∞. */
  max?: number;
}

/**
 * min(max(x, low), high), elementwise. The gradient is 1 where low ≤ x ≤ high, both ends included, else 0.
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
  const y = noGrad(() => {
    const raised = bounds[0] ? maximum(x, min) : x;
    return bounds[1] ? minimum(raised, max) : raised;
  });
  return record('clamp', y, [x], [x], (dy, [x]) => [
    where(bounds[0] ? (bounds[1] ? logicalAnd(ge(x, min), le(x, max) as Tensor) : ge(x, min)) : le(x, max), dy, 0),
  ]);
}
