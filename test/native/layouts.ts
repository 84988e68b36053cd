import type { View } from '../../lib/backend/backend.js';
import { arrayOf, type RealDType } from '../../lib/core/dtype.js';
import { sizeOf } from '../../lib/core/shape.js';
import { Storage } from '../../lib/core/storage.js';

/* Views that lie in memory in every way that tensors do. */

/** Row-major float64 values: what the plain loops compute with. */
export interface Dense {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** How a view lies in its storage: rows first, columns first, with gaps, or backwards. */
export type Layout = 'rows' | 'columns' | 'gaps' | 'backwards';
export const layouts: readonly Layout[] = ['rows', 'columns', 'gaps', 'backwards'];

/** A view of zeros in the given layout, three elements into its storage. */
export function zeros(dtype: RealDType, shape: readonly number[], layout: Layout): View {
  const order = shape.map((_, axis) => axis);
  if (layout !== 'columns') order.reverse();
  const strides = shape.map(() => 0);
  let stride = layout === 'gaps' ? 2 : 1;
  for (const axis of order) {
    strides[axis] = stride;
    stride *= Math.max(shape[axis], 1) + (layout === 'gaps' ? 1 : 0);
  }
  let offset = 3;
  if (layout === 'backwards') {
    for (let axis = 0; axis < shape.length; axis++) {
      offset += Math.max(shape[axis] - 1, 0) * strides[axis];
      strides[axis] = -strides[axis];
    }
  }
  return { storage: new Storage(new arrayOf[dtype](stride + 3)), dtype, offset, shape, strides };
}

/** Storage positions of a view's elements in row-major order. */
export function positions(view: View): number[] {
  return Array.from({ length: sizeOf(view.shape) }, (_, index) => {
    let at = view.offset;
    for (let axis = view.shape.length - 1; axis >= 0; axis--) {
      at += (index % view.shape[axis]) * view.strides[axis];
      index = Math.floor(index / view.shape[axis]);
    }
    return at;
  });
}

export const dense = (view: View): Dense => ({
  shape: view.shape,
  values: Float64Array.from(positions(view), (at) => view.storage.data[at]),
});
