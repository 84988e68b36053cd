import type { DType } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Checked, Result, Shape, Squeeze } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { reshape } from './reshape.js';

/**
 * x without its axes of size 1, or without one of them; an axis of another size stays.
 *
 * @param x     [...]
 * @param axis  the only one to look at; default all
 * @returns     [...] without the 1s
 */
export function squeeze<S extends Shape, D extends DType, const A extends number | undefined = undefined>(
  x: Tensor<S, D>,
  axis?: A & Checked<Squeeze<S, A>>,
): Tensor<Result<Squeeze<S, A>>, D> {
  checkTensor('squeeze', x);
  const only = axis === undefined ? undefined : checkAxis('squeeze', axis, x.rank);
  const shape = x.shape.filter((d, i) => d !== 1 || (only !== undefined && i !== only));
  return reshape(x, shape);
}
