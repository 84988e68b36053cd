import type { View } from '../backend.js';
import { forEachElement, type KernelTable, read, viewOf, writable } from './loops.js';

/** A vector of indices along one axis, repeated over a shape. */
function along(index: View, shape: readonly number[], axis: number): View {
  return { ...viewOf(index), shape, strides: shape.map((_, i) => (i === axis ? index.strides[0] : 0)) };
}

/** A tensor as one of `shape` that stands at 0 along the axis: what an index is added to. */
const baseOf = (x: View, shape: readonly number[], axis: number): View => ({
  ...viewOf(x),
  shape,
  strides: x.strides.map((stride, i) => (i === axis ? 0 : stride)),
});

/** Elements move as they are stored: a bfloat16 keeps its bits. */
function pick(y: View, x: View, index: View, axis: number): void {
  const indices = read(index);
  let next = 0;
  forEachElement([y, baseOf(x, y.shape, axis)], ([to, from]) => {
    y.storage.data[to] = x.storage.data[from + indices[next++] * x.strides[axis]];
  });
}

/** Adds in row-major order of `source`, so that every engine rounds alike. */
function addTo(y: View, index: View, source: View, axis: number): void {
  const indices = read(index);
  let next = 0;
  forEachElement([{ ...viewOf(source), shape: index.shape }, baseOf(y, index.shape, axis)], ([from, to]) => {
    y.storage.data[to + indices[next++] * y.strides[axis]] += source.storage.data[from];
  });
}

export const indexingKernels: KernelTable = {
  findOutside: ([x], [low, high, except]) =>
    read(x).findIndex((value: number) => !(value >= low && value <= high) && value !== except),
  gather: ([y, x, index], [axis]) => pick(y, x, index, axis),
  indexSelect: ([y, x, index], [axis]) => pick(y, x, along(index, y.shape, axis), axis),
  scatterAdd: ([y, index, source], [axis]) => addTo(y, index, source, axis),
  indexAdd: ([y, index, source], [axis]) => addTo(y, along(index, source.shape, axis), source, axis),
  /** Views are row-major. */
  weightedSum([y, x, places, weights]) {
    const [from, to, place, weight] = [read(x), writable(y), read(places), read(weights)];
    const [outer, m, inner] = y.shape;
    const [n, taps] = [x.shape[1], places.shape[1]];
    for (let at = 0; at < outer * m * inner; at++) {
      const [column, row] = [at % inner, Math.floor(at / inner)];
      const first = Math.floor(row / m) * n * inner + column;
      let sum = 0;
      for (let k = (row % m) * taps; k < ((row % m) + 1) * taps && place[k] >= 0; k++) {
        sum += weight[k] * from[first + place[k] * inner];
      }
      to.values[at] = sum;
    }
    to.done();
  },
  /** Views are row-major. */
  addWindows([y, x], [stride, dilation, before]) {
    const [from, to] = [read(x), writable(y)];
    const [, rows, size, inner] = y.shape;
    const [outer, taps, , count] = x.shape;
    to.values.fill(0);
    let next = 0;
    for (let o = 0; o < outer; o++) {
      for (let p = 0; p < taps; p++) {
        for (let r = 0; r < rows; r++) {
          for (let i = 0; i < count; i++, next += inner) {
            const at = i * stride + p * dilation - before;
            if (at < 0 || at >= size) continue;
            const first = ((o * rows + r) * size + at) * inner;
            for (let c = 0; c < inner; c++) to.values[first + c] += from[next + c];
          }
        }
      }
    }
    to.done();
  },
};
