import { slice, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';

type Range = Parameters<typeof slice>[1];

/** The indices that Python's range(*slice(start, stop, step).indices(size)) gives. */
function indices(range: Range, size: number): number[] {
  if (typeof range === 'number') return [range < 0 ? range + size : range];
  const [start, stop, step = 1] = (range ?? []) as (number | null | undefined)[];
  const by = step ?? 1;
  const clamp = (value: number): number =>
    Math.min(Math.max(value < 0 ? value + size : value, by < 0 ? -1 : 0), by < 0 ? size - 1 : size);
  const from = start === null || start === undefined ? (by < 0 ? size - 1 : 0) : clamp(start);
  const to = stop === null || stop === undefined ? (by < 0 ? -1 : size) : clamp(stop);
  const out: number[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) out.push(i);
  return out;
}

function reference([x]: Plain[], ...ranges: Range[]): Plain {
  const dots = ranges.indexOf('...');
  const left = dots < 0 ? ranges : ranges.slice(0, dots);
  const right = dots < 0 ? [] : ranges.slice(dots + 1);
  const fill: Range[] = new Array(x.shape.length - left.length - right.length).fill(null);
  const all = [...left, ...fill, ...right].map((range, i) => indices(range, x.shape[i]));
  const shape = [...left, ...fill, ...right].flatMap((range, i) => (typeof range === 'number' ? [] : [all[i].length]));
  let flat = [0];
  all.forEach((list, axis) => {
    flat = flat.flatMap((at) => list.map((index) => at * x.shape[axis] + index));
  });
  return { shape, data: flat.map((at) => x.data[at]) };
}

const sample = (shape: number[], ...args: Range[]) => ({ operands: [{ shape }], args });

spec('slice', slice, {
  reference,
  samples: [
    sample([]),
    sample([5], 2),
    sample([5], -1),
    sample([5], [1, 4]),
    sample([5], [-3, null]),
    sample([5], [null, null, -1]),
    sample([5], [4, 0, -2]),
    sample([5], [null, -4, -3]),
    sample([5], [10, -10, -1]),
    sample([5], [3, 3]),
    sample([5], [3, 1]),
    sample([3, 4], 1, [null, null, 2]),
    sample([3, 4], null, -1),
    sample([2, 3, 4], '...', 0),
    sample([2, 3, 4], 1, '...', [1, 3]),
    sample([2, 3, 4], [null, null, -1], [null, null, -1], [null, null, -2]),
    sample([0, 3], [0, 5]),
  ],
  errors: [
    {
      call: () => slice(zeros([2, 3]), 0, 0, 0),
      says: "slice: at most one range per axis and one '...'; got 3 ranges for shape [2, 3]",
    },
    { call: () => slice(zeros([2, 3]), 2), says: 'slice: index 2 of axis 0 must be within -2 … 1' },
    {
      call: () => slice(zeros([2]), [0, 2, 0]),
      says: 'slice: a step must be a whole number other than 0; got 0 for axis 0',
    },
    { call: () => slice(zeros([2]), [0.5]), says: 'slice: bounds must be whole numbers; got 0.5 for axis 0' },
  ],
});

describe.each(engines)('slice on $name', ({ use }) => {
  it('is a view of any dtype', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float64'] as const) {
      const x = tensor([1, 0, 0], { dtype });
      const y = slice(x, [null, null, -1]);
      expect(y.storage).toBe(x.storage);
      expect(y.to('int32').toArray()).toEqual([0, 0, 1]);
    }
  });
});
