import { mode, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { reducing } from '../../reduction.js';

const mostFrequent = (values: number[]): number => {
  const count = (value: number): number => values.filter((other) => other === value).length;
  return values.toSorted((a, b) => count(b) - count(a) || a - b)[0];
};

spec('mode', (x: Tensor, ...args: any[]) => mode(x, ...args).values, {
  reference: ([x], axis = -1, options = {}) => reducing(mostFrequent)([x], axis, options),
  samples: [
    { operands: [{ shape: [7] }] },
    { operands: [{ shape: [3, 5] }], args: [0] },
    { operands: [{ shape: [2, 4] }], args: [1, { keepDims: true }] },
    { operands: [{ shape: [2, 40, 3], dtype: 'int32' }], args: [1] },
    { operands: [{ shape: [30, 4], dtype: 'uint8' }], args: [0] },
  ],
  errors: [{ call: () => mode(tensor(1)), says: 'mode: axis -1 of a tensor with 0 axes; a scalar has no axes' }],
});

describe.each(engines)('mode on $name', ({ use }) => {
  it('takes the least of the most frequent, and the last of its places', () => {
    use();
    const { values, indices } = mode(tensor([3, 1, 2, 3, 1, 5]));
    expect([values.item(), indices.item()]).toEqual([1, 4]);
    expect(mode(tensor([Number.NaN, Number.NaN, 7, 8])).values.item()).toBe(7);
  });
});
