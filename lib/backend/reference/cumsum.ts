import { contiguousStrides, sizeOf } from '../../core/shape.js';
import { type KernelTable, read, writable } from './loops.js';

export const cumsumKernels: KernelTable = {
  /** Running sums along an axis, in float64; int32 wraps as it is stored. */
  cumsum([y, x], [axis, reverse]) {
    const from = read(x);
    const { values, done } = writable(y);
    const length = x.shape[axis];
    const stride = contiguousStrides(x.shape)[axis];
    const step = reverse ? -stride : stride;
    const lines = length === 0 ? 0 : sizeOf(x.shape) / length;
    for (let line = 0; line < lines; line++) {
      const first = Math.floor(line / stride) * stride * length + (line % stride);
      let total = 0;
      for (let k = 0, at = reverse ? first + (length - 1) * stride : first; k < length; k++, at += step) {
        total += from[at];
        values[at] = total;
      }
    }
    done();
  },
};
