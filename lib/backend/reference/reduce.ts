import { sizeOf } from '../../core/shape.js';
import type { View } from '../backend.js';
import { forEachElement, type Kernel, type KernelTable, read, viewOf, writable } from './loops.js';

/**
 * Brings x's elements to a function in groups: the result's axes of size 1 are the ones to reduce over. `group` is the
 * position of the result that an element belongs to; the elements of a group come in row-major order.
 */
function forEachGrouped(y: View, x: View, body: (group: number, value: number) => void): void {
  const values = read(x);
  let stride = 1;
  const strides = new Array<number>(y.shape.length);
  for (let i = y.shape.length - 1; i >= 0; i--) {
    strides[i] = y.shape[i] === 1 ? 0 : stride;
    stride *= y.shape[i];
  }
  const group: View = { ...viewOf(y), shape: x.shape, strides, offset: 0 };
  let next = 0;
  forEachElement([group], (at) => body(at[0], values[next++]));
}

/** The extremum: NaN wins. */
const extremum =
  (better: (value: number, best: number) => boolean): Kernel =>
  ([y, x]) => {
    const { values, done } = writable(y);
    const seen = new Uint8Array(values.length);
    forEachGrouped(y, x, (group, value) => {
      if (!seen[group] || better(value, values[group]) || Number.isNaN(value)) {
        if (seen[group] && Number.isNaN(values[group])) return;
        values[group] = value;
        seen[group] = 1;
      }
    });
    done();
  };

/** The position of the extremum along the reduced axes, in row-major order; the first of equals, NaN wins. */
const argExtremum =
  (better: (value: number, best: number) => boolean): Kernel =>
  ([y, x]) => {
    const { values, done } = writable(y);
    const best = new Float64Array(values.length);
    const count = new Int32Array(values.length);
    forEachGrouped(y, x, (group, value) => {
      const n = count[group]++;
      if (n > 0 && Number.isNaN(best[group])) return;
      if (n === 0 || better(value, best[group]) || Number.isNaN(value)) {
        best[group] = value;
        values[group] = n;
      }
    });
    done();
  };

export const reduceKernels: KernelTable = {
  sum([y, x]) {
    const totals = new Float64Array(sizeOf(y.shape));
    forEachGrouped(y, x, (group, value) => {
      totals[group] += value;
    });
    const { values, done } = writable(y);
    values.set(totals);
    done();
  },
  max: extremum((value, best) => value > best),
  min: extremum((value, best) => value < best),
  argmax: argExtremum((value, best) => value > best),
  argmin: argExtremum((value, best) => value < best),
  /** Views are row-major. */
  residualMoments([y, o, t]) {
    const [outputs, targets, { values, done }] = [read(o), read(t), writable(y)];
    const [n, columns] = t.shape;
    const moments = (row: number, x: (at: number) => number): void => {
      for (let c = 0; c < columns; c++) {
        const first = x(c);
        let [mean, squares] = [0, 0];
        for (let i = 0; i < n; i++) mean += (x(i * columns + c) - first) / n;
        for (let i = 0; i < n; i++) squares += (x(i * columns + c) - first - mean) ** 2;
        values[row * columns + c] = Number.isFinite(first + mean) ? first + mean : NaN;
        values[(row + 1) * columns + c] = squares;
      }
    };
    moments(0, (at) => targets[at]);
    moments(2, (at) => targets[at] - outputs[at]);
    done();
  },
};
