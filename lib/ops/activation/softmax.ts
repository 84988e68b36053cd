import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { checkAxis, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import type { FusedFlops } from '../elementwise/elementwise.js';
import { exp } from '../elementwise/exp.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { max } from '../reduction/max.js';
import { sum } from '../reduction/sum.js';
import { contiguous } from '../shape/contiguous.js';

/**
 * The shape that kernels see an axis in: [outer, n, inner] with the axis in the middle; they read row-major memory.
 */
export function around(x: Tensor, axis: number): Tensor {
  const { shape } = x;
  return contiguous(x).reshape([sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))]);
}

/** A function along one axis with a kernel of this name, and one for dx from dy and the result, `…Gradient`. */
export function fusedAlongAxis(
  name: string,
  { flops, gradient }: FusedFlops,
  formula: (x: Tensor, axis: number) => Tensor,
) {
  kernel(name, { flops });
  kernel(`${name}Gradient`, { flops: gradient });
  return fused(name, formula, (x, axis) => {
    const y = emptyLike(x);
    run(name, [around(y, axis), around(x, axis)]);
    return {
      result: y,
      saved: [y],
      backward: (dy) => {
        const dx = emptyLike(x);
        run(`${name}Gradient`, [around(dx, axis), around(dy, axis), around(y, axis)]);
        return [dx];
      },
    };
  });
}

// Maximum, difference, exp, sum, quotient; dx = y · (dy − Σ dy · y)
const onAxis = fusedAlongAxis('softmax', { flops: 5, gradient: 4 }, (x, axis) => {
  const e = exp(sub(x, max(x, axis, { keepDims: true }).detach()));
  return div(e, sum(e, axis, { keepDims: true }));
});

/**
 * Exponentials along an axis, scaled to the sum 1: yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x).
 *
 * @param x     [...]
 * @param axis  default −1, the last
 * @returns     of x's shape; integers give float32
 */
export function softmax<S extends Shape, D extends DType>(x: Tensor<S, D>, axis = -1): Tensor<S, Floating<D>> {
  checkTensor('softmax', x);
  const checked = checkAxis('softmax', axis, x.rank);
  return inFloat([x], (x: Tensor) => (x.size === 0 ? emptyLike(x) : onAxis(x, checked)));
}
