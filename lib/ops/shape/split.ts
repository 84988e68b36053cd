import { checkArray, checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import type { Checked, Resize, Result, Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Range, slice } from './slice.js';

/**
 * Cuts x along one axis into views.
 *
 * @param x      [...]
 * @param size   of each part, ≥ 1, the last one with what is left over; or all parts' sizes, which add up to the axis
 * @param axis   default 0
 * @returns      one tensor a part
 * @throws ShapeError "split: sizes [2, 2] must add up to 5, axis 0 of shape [5, 3]"
 */
export function split<S extends Shape, D extends DType, const A extends number = 0>(
  x: Tensor<S, D>,
  size: number | readonly number[],
  axis?: A & Checked<Resize<S, A, number>>,
): Tensor<Result<Resize<S, A, number>>, D>[] {
  checkTensor('split', x);
  const along = checkAxis('split', axis ?? 0, x.rank);
  return consecutive(sizesOf(x, size, along), along).map((ranges) => slice(x, ...ranges));
}

/** The ranges of `slice` that cut an axis into parts of the given sizes, one after the other. */
export function consecutive(sizes: readonly number[], axis: number): Range[][] {
  const before = new Array<null>(axis).fill(null);
  let stop = 0;
  return sizes.map((size) => {
    stop += size;
    return [...before, [stop - size, stop]];
  });
}

function sizesOf(x: Tensor, size: number | readonly number[], axis: number): readonly number[] {
  const total: number = x.shape[axis];
  if (typeof size === 'number') {
    checkWhole('split', 'size', size, 1);
    const count = Math.max(1, Math.ceil(total / size));
    return Array.from({ length: count }, (_, i) => Math.min(size, total - i * size));
  }
  checkArray('split', 'size', size);
  if (size.some((part) => !Number.isInteger(part) || part < 0) || size.reduce((a, b) => a + b, 0) !== total) {
    throw new ShapeError(`split: sizes ${show(size)} must add up to ${total}, axis ${axis} of shape ${show(x.shape)}`);
  }
  return size;
}
