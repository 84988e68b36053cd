import type { DType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import { checkAxis, sizeOf } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { reshape } from './reshape.js';

/**
 * Joins neighbouring axes into one, in row-major order. A scalar becomes a vector of one element.
 *
 * @param x          [...]
 * @param startAxis  the first to join; default 0
 * @param endAxis    the last to join; default −1
 * @returns          [..., product of the joined sizes, ...]
 * @throws ShapeError "flatten: startAxis 2 must not come after endAxis 1"
 */
export function flatten<D extends DType>(x: Tensor<any, D>, startAxis = 0, endAxis = -1): Tensor<any, D> {
  if (x.rank === 0) return reshape(x, [1]);
  const start = checkAxis('flatten', startAxis, x.rank);
  const end = checkAxis('flatten', endAxis, x.rank);
  if (start > end) throw new ShapeError(`flatten: startAxis ${start} must not come after endAxis ${end}`);
  const joined = sizeOf(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), joined, ...x.shape.slice(end + 1)]);
}
