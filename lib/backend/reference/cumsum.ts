import type { View } from '../backend.js';
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
  cummax: (views, [axis]) => runningExtremum(views, axis, (a, b) => a >= b),
  cummin: (views, [axis]) => runningExtremum(views, axis, (a, b) => a <= b),
};

/** NaN takes the place of all; of equals the last one stands. */
function runningExtremum(
  [y, places, x]: readonly View[],
  axis: number,
  better: (a: number, b: number) => boolean,
): void {
  const from = read(x);
  const [to, at] = [writable(y), writable(places)];
  forEachLine(x.shape, axis, (first, step) => {
    let best = 0;
    for (let k = 0; k < x.shape[axis]; k++) {
      const value = from[first + k * step];
      if (Number.isNaN(value) || better(value, from[first + best * step])) best = k;
      to.values[first + k * step] = from[first + best * step];
      at.values[first + k * step] = best;
    }
  });
  to.done();
  at.done();
}
