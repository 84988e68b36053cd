import { forEachLine, type KernelTable, read, writable } from './loops.js';

export const cumsumKernels: KernelTable = {
  /** Running sums along an axis, in float64; int32 wraps as it is stored. */
  cumsum([y, x], [axis, reverse]) {
    const from = read(x);
    const { values, done } = writable(y);
    const length = x.shape[axis];
    forEachLine(x.shape, axis, (first, step) => {
      let total = 0;
      for (let k = 0; k < length; k++) {
        const at = first + (reverse ? length - 1 - k : k) * step;
        total += from[at];
        values[at] = total;
      }
    });
    done();
  },
};
