import { diff, ones, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

const difference = (x: Plain, axis: number): Plain =>
  build(x.shape.with(axis, Math.max(0, x.shape[axis] - 1)), (index) => {
    const here = index[axis];
    return at(x, index.with(axis, here + 1)) - at(x, index);
  });

spec('diff', diff, {
  reference: ([x]: Plain[], axis = -1, { n = 1 }: { n?: number } = {}) => {
    let y = x;
    for (let i = 0; i < n; i++) y = difference(y, axis < 0 ? axis + x.shape.length : axis);
    return y;
  },
  samples: [
    { operands: [{ shape: [7] }] },
    { operands: [{ shape: [3, 5] }], args: [0] },
    { operands: [{ shape: [3, 5] }], args: [-1, { n: 3 }] },
    { operands: [{ shape: [2, 3, 4] }], args: [1, { n: 0 }] },
    { operands: [{ shape: [1, 3] }], args: [0] },
    { operands: [{ shape: [2] }], args: [0, { n: 5 }] },
    { operands: [{ shape: [6], dtype: 'int32' }], args: [0] },
  ],
  errors: [
    { call: () => diff(tensor([1]), 0, { n: -1 }), says: 'diff: n must be a whole number ≥ 0; got -1' },
    { call: () => diff(tensor(1) as Tensor), says: 'diff: axis -1 of a tensor with 0 axes; a scalar has no axes' },
    {
      call: () => diff(ones([2, 3]), 1, { prepend: ones([1, 1]) }),
      says: 'concat: shapes [1, 1] and [2, 3] must be equal but for axis 1',
    },
  ],
});

it('diff: takes what stands before and behind', () => {
  const x = tensor([1, 4, 9]);
  expect(diff(x, 0, { prepend: tensor([0]), append: tensor([16]) }).toArray()).toEqual([1, 3, 5, 7]);
  expect(diff(x, 0, { prepend: null, append: undefined }).toArray()).toEqual([3, 5]);
});

it('diff: of bool says where neighbours differ', () => {
  expect(diff(tensor([true, true, false])).toArray()).toEqual([false, true]);
});
