import { concat, type Tensor, tensor, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { joined } from '../../axes.js';
import { spec } from '../../harness.js';

// The last argument is the axis, those before it the tensors.
spec('concat', (...args) => concat(args.slice(0, -1), args.at(-1)), {
  reference: joined,
  samples: [
    { operands: [{ shape: [3] }], args: [0] },
    { operands: [{ shape: [2] }, { shape: [0] }, { shape: [3] }], args: [0] },
    { operands: [{ shape: [2, 3] }, { shape: [2, 4] }], args: [1] },
    { operands: [{ shape: [2, 3, 2] }, { shape: [2, 1, 2] }], args: [-2] },
    { operands: [{ shape: [2], dtype: 'int32' }, { shape: [3] }], args: [0] },
    { operands: [{ shape: [2], dtype: 'bool' }], args: [0] },
  ],
  errors: [
    {
      call: () => concat([zeros([2, 3]), zeros([2, 4])]),
      says: 'concat: shapes [2, 3] and [2, 4] must be equal but for axis 0',
    },
    { call: () => concat([]), says: 'concat: at least one tensor is needed; got none' },
    {
      call: () => concat([tensor(1), tensor(2)] as Tensor[]),
      says: 'concat: axis 0 of a tensor with 0 axes; a scalar has no axes',
    },
  ],
});

it('concat computes shapes in types', () => {
  const [x, y] = [zeros([2, 3]), zeros([4, 3])];
  expectTypeOf(concat([x, y])).toEqualTypeOf<Tensor<[number, 3], 'float32'>>();
  // @ts-expect-error: axis 2 is out of range
  expect(() => concat([x, y], 2)).toThrow('concat');
});

it('concat: promotes dtypes', () => {
  expect(concat([tensor(new Int32Array([1])), tensor([0.5])]).toArray()).toEqual([1, 0.5]);
});
