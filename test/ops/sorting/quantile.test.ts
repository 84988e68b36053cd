import { quantile, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { reducing } from '../../reduction.js';

/** By the definition: the place q · (n − 1) of the sorted elements. */
const at = (q: number, interpolation = 'linear') =>
  reducing((values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const place = q * (values.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    const share = place - Math.floor(place);
    if (interpolation === 'lower') return low;
    if (interpolation === 'higher') return high;
    if (interpolation === 'midpoint') return (low + high) / 2;
    if (interpolation === 'nearest') return share < 0.5 ? low : high;
    return low + (high - low) * share;
  });

spec('quantile', quantile, {
  reference: ([x], q, axis, options = {}) => {
    const one = (q: number) => at(q, options.interpolation)([x], axis, options);
    if (!Array.isArray(q)) return one(q);
    const all = q.map(one);
    return { shape: [q.length, ...all[0].shape], data: all.flatMap(({ data }) => data) };
  },
  samples: [
    { operands: [{ shape: [] }], args: [0.3] },
    { operands: [{ shape: [7] }], args: [0.5] },
    { operands: [{ shape: [8] }], args: [[0, 0.1, 0.77, 1]] },
    { operands: [{ shape: [3, 5] }], args: [0.25, 0] },
    { operands: [{ shape: [3, 5] }], args: [[0.25, 0.6], 1, { keepDims: true }] },
    { operands: [{ shape: [2, 9, 3] }], args: [[0.4, 0.9], 1] },
    { operands: [{ shape: [2, 3] }], args: [0.4, undefined, { keepDims: true }] },
    { operands: [{ shape: [2, 3] }], args: [[0.4], undefined, { keepDims: true }] },
    ...['lower', 'higher', 'midpoint', 'nearest'].map((interpolation) => ({
      operands: [{ shape: [8] }],
      args: [[0, 0.2, 0.45, 1], 0, { interpolation }],
    })),
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0.3] },
  ],
  errors: [
    { call: () => quantile(zeros([2]), 2), says: 'quantile: q must be within 0 … 1; got 2' },
    {
      call: () => quantile(zeros([2]), 1, 0, { interpolation: 'cubic' as 'linear' }),
      says: "quantile: interpolation must be 'linear', 'lower', 'higher', 'midpoint' or 'nearest'; got 'cubic'",
    },
    {
      call: () => quantile(zeros([0]), 0.5),
      says: 'quantile: there is none of zero elements; got shape [0], axes [0]; check that the input is not empty',
    },
  ],
});

describe.each(engines)('quantile on $name', ({ use }) => {
  it('is NaN where an element is, and rounds a half to the even place', () => {
    use();
    expect(quantile(tensor([1, Number.NaN, 2]), [0, 1]).toArray()).toEqual([Number.NaN, Number.NaN]);
    const x = tensor([10, 20, 30, 40, 50, 60]);
    expect(quantile(x, [0.1, 0.3, 0.5], 0, { interpolation: 'nearest' }).toArray()).toEqual([10, 30, 30]);
  });
});
