import type { DType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import { checkAxis, show } from '../core/shape.js';
import type { Checked, Resize, Result, Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Range, slice } from './slice.js';

/**
 * Cuts x along one axis into views.
 *
 * @param x      [...]
 * @param parts  their sizes, which add up to the axis, or how many equal parts
 * @param axis   default 0
 * @returns      one tensor a part
 * @throws ShapeError "split: sizes [2, 2] must add up to 5, axis 0 of shape [5, 3]"
 */
export function split<S extends Shape, D extends DType, const A extends number = 0>(
  x: Tensor<S, D>,
  parts: number | readonly number[],
  axis?: A & Checked<Resize<S, A, number>>,
): Tensor<Result<Resize<S, A, number>>, D>[] {
  const along = checkAxis('split', axis ?? 0, x.rank);
  return consecutive(sizesOf(x, parts, along), along).map((ranges) => slice(x, ...ranges));
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

function sizesOf(x: Tensor, parts: number | readonly number[], axis: number): readonly number[] {
  const total: number = x.shape[axis];
  const where = `${total}, axis ${axis} of shape ${show(x.shape)}`;
  if (typeof parts === 'number') {
    if (!Number.isInteger(parts) || parts < 1 || total % parts !== 0) {
      throw new ShapeError(`split: the number of parts must divide ${where}; got ${parts}; or pass the parts' sizes`);
    }
    return new Array<number>(parts).fill(total / parts);
  }
  if (parts.some((size) => !Number.isInteger(size) || size < 0) || parts.reduce((a, b) => a + b, 0) !== total) {
    throw new ShapeError(`split: sizes ${show(parts)} must add up to ${where}`);
  }
  return parts;
}
