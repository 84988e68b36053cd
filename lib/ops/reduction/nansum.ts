import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { isNaN } from '../elementwise/is_nan.js';
import { where } from '../indexing/where.js';
import { reduceWith, reduction, type SumOut } from './reduction.js';
import { sum } from './sum.js';

const total = fused(
  'nansum',
  (x: Tensor, axes: readonly number[]) => sum(where(isNaN(x), 0, x), axes, { keepDims: true }),
  (x, axes) => ({
    result: reduceWith('nansum', x, axes),
    saved: [x],
    backward: (dy) => [where(isNaN(x), 0, dy)],
  }),
);

/**
 * Sum over the given axes, or all, of the elements that are not NaN; 0 over none. bool and integers give int32. No gradient
 * goes to NaN.
 *
 * @param x         [...]
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "nansum: the total 4294967294 is no int32; convert with to('float64') first"
 */
export const nansum = reduction<SumOut>('nansum', {
  dtype: 'total',
  reduce: (x, axes) => total(x, axes),
});
