import { kernel, run } from '../../backend/index.js';
import { widen } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { operands } from '../elementwise/elementwise.js';
import { checkPositions } from '../reduction/reduction.js';
import { to } from '../shape/to.js';

export interface SearchOptions {
  /** Behind elements that are equal, instead of before them; default false. */
  right?: boolean;
}

/**
 * Where numbers would have to be put in for a line to stay sorted: how many of its elements are less than the number, or
 * with `right` not greater. NaN is above all. The line is taken for sorted. Not differentiable.
 *
 * @param sorted  [n], or [..., n] with a line for each of x's
 * @param x       [...]; where `sorted` has several axes: [..., m], the same but for the last
 * @param right   default false
 * @returns       int32, of x's shape, within 0 … n
 * @throws ShapeError "searchSorted: sorted must have one axis, or x's but for the last; got [2, 5] and [3, 4]"
 */
export const searchSorted = <S extends Shape>(
  sorted: Tensor,
  x: Tensor<S>,
  options: SearchOptions = {},
): Tensor<S, 'int32'> => search('searchSorted', sorted, x, options);

/**
 * Which interval between boundaries each number is in: i where boundaries[i − 1] < x ≤ boundaries[i], or with `right`
 * boundaries[i − 1] ≤ x < boundaries[i]. Not differentiable.
 *
 * @param x           [...]
 * @param boundaries  [n], ascending
 * @param right       default false
 * @returns           int32, of x's shape, within 0 … n
 * @throws ShapeError "bucketize: boundaries must have one axis; got [2, 3]"
 */
export function bucketize<S extends Shape>(
  x: Tensor<S>,
  boundaries: Tensor,
  options: SearchOptions = {},
): Tensor<S, 'int32'> {
  checkTensor('bucketize', x);
  checkTensor('bucketize', boundaries);
  if (boundaries.rank !== 1) {
    throw new ShapeError(`bucketize: boundaries must have one axis; got ${show(boundaries.shape)}`);
  }
  return search('bucketize', boundaries, x, options);
}

// Comparisons: log₂ n of each number.
kernel('searchSorted', {
  flops: ([y, sorted]) => sizeOf(y.shape) * Math.log2(Math.max(1, sorted.shape[1])),
});

function search(op: string, sorted: Tensor, x: Tensor, { right = false }: SearchOptions): Tensor<any, 'int32'> {
  const [line, wanted] = operands(op, sorted, x);
  const several = line.rank > 1;
  if (line.rank === 0 || (several && !sameShape(line.shape.slice(0, -1), x.shape.slice(0, -1)))) {
    throw new ShapeError(
      `${op}: sorted must have one axis, or x's but for the last; got ${show(line.shape)} and ${show(x.shape)}`,
    );
  }
  const n: number = line.shape[line.rank - 1];
  checkPositions(op, n + 1);
  const lines = several ? sizeOf(line.shape.slice(0, -1)) : 1;
  const size = several ? x.shape[x.rank - 1] : x.size;
  const places = empty([lines, size], 'int32');
  const dtype = widen(line.dtype);
  const [from, values] = [to(line.detach(), dtype).reshape([lines, n]), to(wanted.detach(), dtype)] as Tensor[];
  run('searchSorted', [places, from, values.reshape([lines, size])], [Number(right)]);
  return places.reshape(x.shape) as Tensor;
}
