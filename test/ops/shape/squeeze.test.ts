import { squeeze, type Tensor, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { spec } from '../../harness.js';

spec('squeeze', squeeze, {
  reference: ([{ shape, data }], axis) => ({
    shape: shape.filter((d, i) => d !== 1 || (axis !== undefined && i !== (axis + shape.length) % shape.length)),
    data,
  }),
  samples: [
    { operands: [{ shape: [] }] },
    { operands: [{ shape: [1, 3, 1] }] },
    { operands: [{ shape: [1, 3, 1] }], args: [0] },
    { operands: [{ shape: [1, 3, 1] }], args: [-1] },
    { operands: [{ shape: [1, 3, 1] }], args: [1] },
    { operands: [{ shape: [1, 0] }] },
    { operands: [{ shape: [2, 1], dtype: 'bool' }] },
  ],
  errors: [
    {
      call: () => squeeze(zeros([1, 2]), 2 as number),
      says: 'squeeze: axis 2 of a tensor with 2 axes; must be within -2 … 1',
    },
  ],
});

it('squeeze computes shapes in types', () => {
  const x = zeros([1, 3, 1]);
  expectTypeOf(x.squeeze()).toEqualTypeOf<Tensor<[3], 'float32'>>();
  expectTypeOf(x.squeeze(0)).toEqualTypeOf<Tensor<[3, 1], 'float32'>>();
  expectTypeOf(x.squeeze(1)).toEqualTypeOf<Tensor<[1, 3, 1], 'float32'>>();
  // @ts-expect-error: axis 3 is out of range
  expect(() => x.squeeze(3)).toThrow('squeeze');
});
