import type { DType } from '../../core/dtype.js';
import { checkAxes } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Range, slice } from './slice.js';

/**
 * The elements in reverse order along axes; a view.
 *
 * @param x     [...]
 * @param axes  one or several; default all
 * @returns     of x's shape
 */
export function flip<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axes?: number | readonly number[],
): Tensor<S, D> {
  checkTensor('flip', x);
  const turned = checkAxes('flip', axes, x.rank);
  const ranges = x.shape.map((_, axis): Range => (turned.includes(axis) ? [null, null, -1] : null));
  return slice(x, ...ranges);
}
