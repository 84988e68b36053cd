import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import { empty, emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { split } from '../shape/split.js';
import { sigmoid } from './sigmoid.js';

// The sigmoid 1, its slope 2, and products.
kernel('glu', { flops: 2 });
kernel('gluGradient', { flops: 5 });

const halves = (x: Tensor, axis: number): Tensor[] => split(x, x.shape[axis] / 2, axis);

const compute = fused(
  'glu',
  (x: Tensor, axis: number) => {
    const [a, b] = halves(x, axis);
    return mul(a, sigmoid(b));
  },
  (x, axis) => {
    const [a, b] = halves(x.detach(), axis);
    const y = empty(a.shape, x.dtype);
    run('glu', [y, a, b]);
    return {
      result: y,
      saved: [x],
      // da = dy · σ(b);   db = dy · a · σ(b) · (1 − σ(b))
      backward: (dy) => {
        const dx = emptyLike(x);
        const [da, db] = halves(dx, axis);
        run('glu', [da, dy, b]);
        run('gluGradient', [db, dy, a, b]);
        return [dx];
      },
    };
  },
);

/**
 * Gated linear unit: x cut in halves a and b along an axis; a · σ(b).
 *
 * @param x     [...], of even size along the axis
 * @param axis  default −1, the last
 * @returns     x's shape with half of the axis; integers give float32
 * @throws ShapeError "glu: the size of axis 1 must be even; got 3 of x [2, 3]"
 * @source Dauphin, Fan, Auli, Grangier 2016, arXiv:1612.08083, equation 1
 */
export function glu<D extends DType>(x: Tensor<any, D>, axis = -1): Tensor<any, Floating<D>> {
  checkTensor('glu', x);
  const along = checkAxis('glu', axis, x.rank);
  const size: number = x.shape[along];
  if (size % 2 !== 0) {
    throw new ShapeError(`glu: the size of axis ${along} must be even; got ${size} of x ${show(x.shape)}`);
  }
  return inFloat([x], (x: Tensor) => compute(x, along));
}
