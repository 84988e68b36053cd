import { checkArray } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import type { Checked, Permute, Result, Shape, Transposed } from '../../core/types.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';

/**
 * A view with the axes in another order: axis i of the result is axis `order[i]` of x.
 *
 * @param x      [...]
 * @param order  every axis once
 * @returns      [...], the sizes in that order
 * @throws ShapeError "permute: the order must name each of the 3 axes of [2, 3, 4] once; got [0, 1]"
 */
export function permute<S extends Shape, D extends DType, const O extends Shape>(
  x: Tensor<S, D>,
  order: O & Checked<Permute<S, O>>,
): Tensor<Result<Permute<S, O>>, D> {
  checkTensor('permute', x);
  const { shape, strides, rank } = x;
  checkArray('permute', 'order', order);
  const axes = order.map((axis) => checkAxis('permute', axis, rank));
  if (axes.length !== rank || axes.some((axis, i) => axes.indexOf(axis) !== i)) {
    throw new ShapeError(
      `permute: the order must name each of the ${rank} axes of ${show(shape)} once; got ${show(order)}`,
    );
  }
  const y: Tensor = new Tensor(
    x.storage,
    x.dtype,
    axes.map((a) => shape[a]),
    axes.map((a) => strides[a]),
    x.offset,
  );
  return record('permute', y, [x], [], (dy) => [
    permute(
      dy,
      axes.map((_, i) => axes.indexOf(i)),
    ),
  ]);
}

/**
 * A view with two axes exchanged; by default the last two, the transpose of a matrix.
 *
 * @param x       [...], at least two axes
 * @param first   default −2
 * @param second  default −1
 * @returns       [...] with these two sizes exchanged
 * @throws ShapeError "transpose: a tensor with at least two axes is needed; got shape [3]"
 */
export function transpose<S extends Shape, D extends DType>(
  x: Tensor<S, D> & Checked<Transposed<S>>,
): Tensor<Result<Transposed<S>>, D>;
export function transpose<D extends DType>(x: Tensor<any, D>, first: number, second: number): Tensor<any, D>;
export function transpose(x: Tensor, first = -2, second = -1): Tensor {
  checkTensor('transpose', x);
  if (x.rank < 2)
    throw new ShapeError(`transpose: a tensor with at least two axes is needed; got shape ${show(x.shape)}`);
  const i = checkAxis('transpose', first, x.rank);
  const j = checkAxis('transpose', second, x.rank);
  const y = new Tensor(x.storage, x.dtype, exchanged(x.shape, i, j), exchanged(x.strides, i, j), x.offset);
  return record('transpose', y, [x], [], (dy) => [transpose(dy, i, j)]);
}

function exchanged(values: readonly number[], i: number, j: number): number[] {
  const result = [...values];
  result[i] = values[j];
  result[j] = values[i];
  return result;
}
