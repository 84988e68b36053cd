import { median, nanmedian, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { reducing } from '../../reduction.js';

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const samples = [
  { operands: [{ shape: [] }] },
  { operands: [{ shape: [8] }] },
  { operands: [{ shape: [3, 5] }] },
  { operands: [{ shape: [3, 5] }], args: [0] },
  { operands: [{ shape: [3, 4] }], args: [-1, { keepDims: true }] },
  { operands: [{ shape: [2, 60, 3] }], args: [1], smooth: false },
  { operands: [{ shape: [9], dtype: 'int32' as const }] },
];
const valuesOf = (result: Tensor | { values: Tensor }): Tensor => ('values' in result ? result.values : result);

spec('median', (x: Tensor, ...args: [number]) => valuesOf(median(x, ...args)), {
  reference: reducing(middle),
  samples,
  errors: [
    {
      call: () => median(zeros([0])),
      says: 'median: there is none of zero elements; got shape [0], axes [0]; check that the input is not empty',
    },
    { call: () => median(zeros([2]), 1), says: 'median: axis 1 of a tensor with 1 axes; must be within -1 … 0' },
  ],
});

spec('nanmedian', (x: Tensor, ...args: [number]) => valuesOf(nanmedian(x, ...args)), {
  reference: reducing(middle),
  samples,
});

describe.each(engines)('median on $name', ({ use }) => {
  it('is NaN where an element is, the first; nanmedian leaves them out', () => {
    use();
    const x = tensor([
      [4, Number.NaN, 1, Number.NaN, 2],
      [5, 3, 1, 2, 4],
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ]);
    const strict = median(x, 1);
    expect(strict.values.toArray()).toEqual([Number.NaN, 3, Number.NaN]);
    expect(strict.indices.toArray()).toEqual([1, 1, 0]);
    const lenient = nanmedian(x, 1);
    expect(lenient.values.toArray()).toEqual([2, 3, Number.NaN]);
    expect(lenient.indices.toArray()).toEqual([4, 1, 0]);
    expect(median(x).item()).toBe(Number.NaN);
    expect(nanmedian(x).item()).toBe(2);
  });
});
