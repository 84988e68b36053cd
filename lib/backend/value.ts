import { fromBfloat16 } from '../core/dtype.js';
import type { View } from './backend.js';

/** The element at a position in row-major order, as a number. */
export function valueAt({ storage, dtype, offset, shape, strides }: View, position: number): number {
  let at = offset;
  for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
    at += (rest % shape[axis]) * strides[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  const value = storage.data[at];
  return dtype === 'bfloat16' ? fromBfloat16(value) : value;
}
