import { fill } from '../../tensor/create.js';
import { noGrad, record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { exp } from '../elementwise/exp.js';
import { isFinite } from '../elementwise/is_finite.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { max } from './max.js';
import { type FloatOut, keptShape, reducedCount, reduction } from './reduction.js';
import { sum } from './sum.js';

/**
 * log Σ eˣ over the given axes, or all, without overflow: the maximum m is taken out first, m + log Σ e^(x − m).
 * −∞ over none or where every element is −∞, with derivative 0; ∞ where one is. Integers give float32.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 */
export const logSumExp = reduction<FloatOut>('logSumExp', {
  dtype: 'float',
  reduce: (x, axes) => {
    const y = noGrad(() => forward(x, axes));
    // ∂y/∂x = e^(x − y), the softmax of x.
    return record('logSumExp', y, [x], [x, y], (dy, [x, y]) => [mul(dy, exp(sub(x, finite(y))))]);
  },
});

function forward(x: Tensor, axes: readonly number[]): Tensor {
  if (reducedCount(x.shape, axes) === 0) return fill(keptShape(x.shape, axes), -Infinity, x.dtype);
  const shift = finite(max(x, axes, { keepDims: true }));
  return add(log(sum(exp(sub(x, shift)), axes, { keepDims: true })), shift);
}

/** 0 in place of infinities and NaN, from which nothing finite can be taken. */
const finite = (x: Tensor): Tensor => where(isFinite(x), x, 0);
