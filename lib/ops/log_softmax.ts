import { run } from '../backend/index.js';
import type { DType } from '../core/dtype.js';
import { checkAxis } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { empty } from '../tensor/create.js';
import { fused } from '../tensor/op.js';
import type { Tensor } from '../tensor/tensor.js';
import { emptyLike, type Floating } from './elementwise.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { max } from './max.js';
import { inFloat } from './precision.js';
import { around } from './softmax.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

const onAxis = fused(
  'logSoftmax',
  (x: Tensor, axis: number) => {
    const shifted = sub(x, max(x, axis, { keepDims: true }).detach());
    return sub(shifted, log(sum(exp(shifted), axis, { keepDims: true })));
  },
  (x: Tensor, axis: number) => {
    const y = emptyLike(x);
    run('logSoftmax', [around(y, axis), around(x, axis)]);
    return {
      result: y,
      saved: [y],
      // dx = dy − exp y · Σ dy
      backward: (dy) => {
        const dx = empty(x.shape, x.dtype);
        run('logSoftmaxGradient', [around(dx, axis), around(dy, axis), around(y, axis)]);
        return [dx];
      },
    };
  },
);

/**
 * The logarithm of `softmax`, exact where that underflows: yᵢ = xᵢ − max x − log Σⱼ exp(xⱼ − max x).
 *
 * @param x     [...]
 * @param axis  default −1, the last
 * @returns     of x's shape; integers give float32
 */
export function logSoftmax<S extends Shape, D extends DType>(x: Tensor<S, D>, axis = -1): Tensor<S, Floating<D>> {
  const checked = checkAxis('logSoftmax', axis, x.rank);
  return inFloat([x], (x: Tensor) => (x.size === 0 ? emptyLike(x) : onAxis(x, checked)));
}
