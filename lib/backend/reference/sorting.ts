import type { View } from '../backend.js';
import { forEachLine, type KernelTable, read, writable } from './loops.js';

/** The order of numbers, NaN above all. */
const compare = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || Number(a > b) - Number(a < b);
};

/** Writes the first elements of every line of x in the order that `arrange` brings their places into. */
function sortLines([values, places, x]: readonly View[], axis: number, arrange: (line: number[]) => number[]): void {
  const from = read(x);
  const [first, second] = [writable(values), writable(places)];
  const [n, k] = [x.shape[axis], values.shape[axis]];
  const starts: number[] = [];
  forEachLine(values.shape, axis, (start) => starts.push(start));
  let line = 0;
  forEachLine(x.shape, axis, (start, step) => {
    const elements = Array.from({ length: n }, (_, i) => from[start + i * step]);
    const order = arrange(elements);
    for (let i = 0; i < k; i++) {
      const to = starts[line] + i * step;
      first.values[to] = elements[order[i]];
      second.values[to] = order[i];
    }
    line++;
  });
  first.done();
  second.done();
}

/** Places in the order of their elements; equal ones stay as they are. */
const orderOf = (line: number[], descending: number): number[] =>
  line.map((_, i) => i).sort((i, j) => (descending ? compare(line[j], line[i]) : compare(line[i], line[j])));

export const sortingKernels: KernelTable = {
  sort: (views, [axis, descending]) => sortLines(views, axis, (line) => orderOf(line, descending)),
  topK(views, [axis, largest, sorted]) {
    const k = views[0].shape[axis];
    sortLines(views, axis, (line) => {
      const first = orderOf(line, largest).slice(0, k);
      return sorted ? first : first.sort((i, j) => i - j);
    });
  },
  searchSorted([places, sorted, x], [right]) {
    const { values, done } = writable(places);
    const [line, wanted] = [read(sorted), read(x)];
    const [n, m] = [sorted.shape[1], x.shape[1]];
    wanted.forEach((value: number, i: number) => {
      const row = line.subarray(Math.floor(i / m) * n, (Math.floor(i / m) + 1) * n);
      const after = row.findIndex((other: number) => {
        const order = compare(other, value);
        return right ? order > 0 : order >= 0;
      });
      values[i] = after < 0 ? n : after;
    });
    done();
  },
};
