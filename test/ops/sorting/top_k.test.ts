import { kthValue, type Tensor, tensor, topK, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { build } from '../../axes.js';
import { engines, type Plain, randomSequence, spec } from '../../harness.js';
import { lineAt } from '../../sorting.js';

/** The first k of each line in descending order, or ascending. */
const firstOf = ([x]: Plain[], k: number, axis = -1, { largest = true } = {}): Plain => {
  const along = axis < 0 ? axis + x.shape.length : axis;
  return build(x.shape.with(along, k), (index) => {
    const { line } = lineAt(x, index, axis);
    return line.toSorted((a, b) => (largest ? b - a : a - b))[index[along]];
  });
};

spec('topK', (x: Tensor, ...args: [number]) => topK(x, ...args).values, {
  reference: firstOf,
  samples: [
    { operands: [{ shape: [7] }], args: [3] },
    { operands: [{ shape: [3, 5] }], args: [2, 0, { largest: false }] },
    { operands: [{ shape: [2, 300, 4] }], args: [5, 1], smooth: false },
    { operands: [{ shape: [2, 300] }], args: [300], smooth: false },
    { operands: [{ shape: [3, 4] }], args: [0], smooth: false },
    { operands: [{ shape: [0, 4] }], args: [2], smooth: false },
    { operands: [{ shape: [400], dtype: 'int32' }], args: [20] },
    { operands: [{ shape: [40], dtype: 'uint8' }], args: [20] },
  ],
  errors: [
    {
      call: () => topK(zeros([2, 3]), 4),
      says: 'topK: k must be within 0 … 3, the size of axis 1 of [2, 3]; got 4',
    },
    { call: () => topK(zeros([2, 3]), -1), says: 'topK: k must be a whole number ≥ 0; got -1' },
  ],
});

spec('kthValue', (x: Tensor, ...args: [number]) => kthValue(x, ...args).values, {
  reference: ([x], k, axis = -1, { keepDims = false } = {}) => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    const kept = build(x.shape.with(along, 1), (index) => lineAt(x, index, axis).line.toSorted((a, b) => a - b)[k - 1]);
    return keepDims ? kept : { shape: x.shape.filter((_, i) => i !== along), data: kept.data };
  },
  samples: [
    { operands: [{ shape: [7] }], args: [1] },
    { operands: [{ shape: [7] }], args: [7] },
    { operands: [{ shape: [7] }], args: [4] },
    { operands: [{ shape: [3, 6] }], args: [4, 1, { keepDims: true }] },
    { operands: [{ shape: [9, 2] }], args: [3, 0] },
  ],
  errors: [
    {
      call: () => kthValue(zeros([2, 3]), 4),
      says: 'kthValue: k must be within 1 … 3, the size of axis 1 of [2, 3]; got 4',
    },
    { call: () => kthValue(zeros([2, 3]), 0), says: 'kthValue: k must be a whole number ≥ 1; got 0' },
    {
      call: () => kthValue(zeros([2, 0]), 1),
      says: 'kthValue: there is none of zero elements; got shape [2, 0], axes [1]; check that the input is not empty',
    },
  ],
});

describe.each(engines)('topK on $name', ({ use }) => {
  it('takes the first of equal elements, and NaN for the greatest', () => {
    use();
    const x = tensor([1, Number.NaN, 3, 3, 0, 1, 3]);
    expect(topK(x, 3).indices.toArray()).toEqual([1, 2, 3]);
    expect(topK(x, 3, 0, { largest: false }).indices.toArray()).toEqual([4, 0, 5]);
    expect(topK(x, 4, 0, { sorted: false }).indices.toArray()).toEqual([1, 2, 3, 6]);
    expect(topK(x, 7).values.toArray()).toEqual([Number.NaN, 3, 3, 3, 1, 1, 0]);
  });

  it('finds them in ascending, descending and repeated lines, where all or none come before', () => {
    use();
    const random = randomSequence(7);
    const lines: ((i: number) => number)[] = [(i) => i, (i) => -i, () => 4, (i) => i % 5, () => random()];
    for (const f of lines) {
      const values = Array.from({ length: 1000 }, (_, i) => f(i));
      const order = values.map((_, i) => i).sort((i, j) => values[j] - values[i]);
      for (const k of [1, 10, 250, 999]) {
        const x = tensor(values, { dtype: 'float64' });
        expect(topK(x, k).indices.toArray()).toEqual(order.slice(0, k));
        const unsorted = topK(x, k, 0, { sorted: false }).indices.toArray();
        expect(unsorted).toEqual(order.slice(0, k).sort((a, b) => a - b));
      }
    }
  });

  it('keeps bfloat16', () => {
    use();
    const { values, indices } = topK(tensor([3, -1, 2]).to('bfloat16'), 2);
    expect([values.dtype, values.toArray(), indices.toArray()]).toEqual(['bfloat16', [3, 2], [0, 2]]);
    expect(kthValue(tensor([3, -1, 2]), 2).indices.item()).toBe(2);
  });
});
