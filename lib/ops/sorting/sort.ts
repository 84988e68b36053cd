import { kernel, run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { to } from '../shape/to.js';
import { checkSortAxis, recordPicked } from './sorting.js';

export interface SortOptions {
  /** From the greatest to the least; default false. */
  descending?: boolean;
}

/** Elements, and where along the axis each of them was. */
export interface Picked<S extends Shape, D extends DType> {
  values: Tensor<S, D>;
  indices: Tensor<S, 'int32'>;
}

// Comparisons: n · log₂ n of a line.
kernel('sort', {
  writes: 2,
  flops: ([{ shape }], [axis]) => sizeOf(shape) * Math.log2(Math.max(1, shape[axis])),
});

/**
 * The elements along one axis in ascending or descending order. Equal ones keep their order either way; NaN is the greatest,
 * and −0 equals 0. The gradient goes back to where an element was.
 *
 * @param x           [...]
 * @param axis        default the last
 * @param descending  default false
 * @returns           values, and their indices int32, of x's shape: values = gather(x, axis, indices)
 * @throws ShapeError "sort: axis 2 of a tensor with 2 axes; must be within -2 … 1"
 */
export function sort<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axis = -1,
  { descending = false }: SortOptions = {},
): Picked<S, D> {
  const along = checkSortAxis('sort', x, axis);
  if (x.dtype === 'bfloat16') {
    const { values, indices } = sort(to(x, 'float32'), along, { descending });
    return { values: to(values, x.dtype), indices } as Picked<S, any>;
  }
  const values: Tensor = empty(x.shape, x.dtype);
  const indices = empty(x.shape, 'int32');
  run('sort', [values, indices, x], [along, Number(descending)]);
  return { values: recordPicked('sort', values, x, along, indices), indices };
}

/**
 * The positions that would sort the elements along one axis: the indices of `sort`. Not differentiable.
 *
 * @param x           [...]
 * @param axis        default the last
 * @param descending  default false
 * @returns           int32, of x's shape
 */
export function argsort<S extends Shape>(x: Tensor<S>, axis = -1, options: SortOptions = {}): Tensor<S, 'int32'> {
  checkTensor('argsort', x);
  return sort(x.detach(), axis, options).indices;
}
