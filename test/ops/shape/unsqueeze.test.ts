import { type Tensor, unsqueeze, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { spec } from '../../harness.js';

spec('unsqueeze', unsqueeze, {
  reference: ([{ shape, data }], axis) => ({
    shape: shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, 1),
    data,
  }),
  samples: [
    { operands: [{ shape: [] }], args: [0] },
    { operands: [{ shape: [2, 3] }], args: [0] },
    { operands: [{ shape: [2, 3] }], args: [1] },
    { operands: [{ shape: [2, 3] }], args: [-1] },
    { operands: [{ shape: [0, 3] }], args: [-3] },
  ],
  errors: [
    {
      call: () => unsqueeze(zeros([1, 2]), 3 as number),
      says: 'unsqueeze: axis 3 of a tensor with 3 axes; must be within -3 … 2',
    },
  ],
});

it('unsqueeze computes shapes in types', () => {
  const x = zeros([1, 3, 1]);
  expectTypeOf(x.unsqueeze(-1)).toEqualTypeOf<Tensor<[1, 3, 1, 1], 'float32'>>();
  expectTypeOf(x.unsqueeze(1)).toEqualTypeOf<Tensor<[1, 1, 3, 1], 'float32'>>();
  // @ts-expect-error: axis 5 is out of range
  expect(() => x.unsqueeze(5)).toThrow('unsqueeze');
});
