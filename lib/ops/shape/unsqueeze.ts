import type { DType } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Checked, Insert, Result, Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { reshape } from './reshape.js';

/**
 * x with a new axis of size 1.
 *
 * @param x     [...]
 * @param axis  where it stands in the result; −1 puts it last
 * @returns     [..., 1, ...]
 */
export function unsqueeze<S extends Shape, D extends DType, const A extends number>(
  x: Tensor<S, D>,
  axis: A & Checked<Insert<S, A, 1>>,
): Tensor<Result<Insert<S, A, 1>>, D> {
  checkTensor('unsqueeze', x);
  const at = checkAxis('unsqueeze', axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}
