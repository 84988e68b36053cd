import { cumsum, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

spec('cumsum', cumsum, {
  reference: ([x]: Plain[], axis: number) => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    return build(x.shape, (index) => {
      let total = 0;
      for (let i = 0; i <= index[along]; i++) total += at(x, index.with(along, i));
      return total;
    });
  },
  samples: [
    { operands: [{ shape: [7] }], args: [0] },
    { operands: [{ shape: [67] }], args: [-1] },
    { operands: [{ shape: [3, 5] }], args: [0] },
    { operands: [{ shape: [2, 3, 4] }], args: [1] },
    { operands: [{ shape: [2, 3, 4] }], args: [-1] },
    { operands: [{ shape: [0, 3] }], args: [0] },
    { operands: [{ shape: [3, 0] }], args: [0] },
    { operands: [{ shape: [5], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [5], dtype: 'bool' }], args: [0] },
  ],
  // Sums of 67 numbers.
  slack: 8,
  errors: [
    { call: () => cumsum(tensor([1]), 1), says: 'cumsum: axis 1 of a tensor with 1 axes; must be within -1 … 0' },
    { call: () => cumsum(tensor(1), 0), says: 'cumsum: axis 0 of a tensor with 0 axes; a scalar has no axes' },
  ],
});

it('cumsum: counts bool in int32', () => {
  expect(cumsum(tensor([true, false, true]), 0).dtype).toBe('int32');
});
