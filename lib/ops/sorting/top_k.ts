import { kernel, run } from '../../backend/index.js';
import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ReduceOptions } from '../reduction/reduction.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import type { Picked } from './sort.js';
import { checkSearchAxis, checkSortAxis, dropAxis, recordPicked } from './sorting.js';

export interface TopKOptions {
  /** The greatest, or the least; default true. */
  largest?: boolean;
  /** In their order; else as they stand in x; default true. */
  sorted?: boolean;
}

// Comparisons: n of a line to find the first k, and theirs.
kernel('topK', {
  writes: 2,
  flops: ([y, , x], [axis]) => sizeOf(x.shape) + sizeOf(y.shape) * Math.log2(Math.max(1, y.shape[axis])),
});

/**
 * The k greatest or least elements along one axis, of equal ones the first; NaN is the greatest.
 *
 * @param x        [...]
 * @param k        0 … the size of the axis
 * @param axis     default the last
 * @param largest  default true
 * @param sorted   by value, else by place; default true
 * @returns        values, and their indices int32: x's shape with k along the axis
 * @throws ValueError "topK: k must be within 0 … 3, the size of axis 1 of [2, 3]; got 4"
 */
export function topK<D extends DType>(
  x: Tensor<any, D>,
  k: number,
  axis = -1,
  { largest = true, sorted = true }: TopKOptions = {},
): Picked<any, D> {
  const along = checkSortAxis('topK', x, axis);
  checkRank('topK', x, k, along, 0);
  if (x.dtype === 'bfloat16') {
    const { values, indices } = topK(to(x, 'float32'), k, along, { largest, sorted });
    return { values: to(values, x.dtype) as Tensor, indices };
  }
  const shape: number[] = x.shape.map((size: number, i: number) => (i === along ? k : size));
  const values: Tensor = empty(shape, x.dtype);
  const indices = empty(shape, 'int32');
  run('topK', [values, indices, x], [along, Number(largest), Number(sorted)]);
  return { values: recordPicked('topK', values, x, along, indices), indices };
}

/**
 * The k-th smallest element along one axis, from 1; NaN is the greatest. Where several are equal it is one of them.
 *
 * @param x         [...], at least one element along the axis
 * @param k         1 … the size of the axis
 * @param axis      default the last
 * @param keepDims  leave the axis with size 1; default false
 * @returns         values, and their indices int32: x's shape without the axis
 * @throws ValueError "kthValue: k must be within 1 … 3, the size of axis 1 of [2, 3]; got 0"
 */
export function kthValue<D extends DType>(
  x: Tensor<any, D>,
  k: number,
  axis = -1,
  { keepDims = false }: ReduceOptions = {},
): Picked<any, D> {
  const along = checkSearchAxis('kthValue', x, axis);
  checkRank('kthValue', x, k, along, 1);
  const below = 2 * k <= x.shape[along] + 1;
  const found = topK(x, below ? k : x.shape[along] - k + 1, along, { largest: !below });
  const lastOf = (y: Tensor): Tensor => {
    const ranges = y.shape.map((_: number, i: number) => (i === along ? ([-1] as const) : null));
    return dropAxis(slice(y, ...ranges), along, keepDims);
  };
  return { values: lastOf(found.values), indices: lastOf(found.indices) };
}

function checkRank(op: string, x: Tensor, k: number, axis: number, least: number): void {
  checkWhole(op, 'k', k, least);
  if (k > x.shape[axis]) {
    throw new ValueError(
      `${op}: k must be within ${least} … ${x.shape[axis]}, the size of axis ${axis} of ${show(x.shape)}; got ${k}`,
    );
  }
}
