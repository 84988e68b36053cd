import { squeeze, type Tensor, unsqueeze, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { type Plain, spec } from '../harness.js';

const reshaped =
  (shapeOf: (shape: number[], axis: number) => number[]) =>
  ([x]: Plain[], axis: number): Plain => ({ shape: shapeOf(x.shape, axis), data: x.data });

spec('squeeze', squeeze, {
  reference: reshaped((shape, axis) =>
    shape.filter((d, i) => d !== 1 || (axis !== undefined && i !== (axis + shape.length) % shape.length)),
  ),
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

spec('unsqueeze', unsqueeze, {
  reference: reshaped((shape, axis) => shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, 1)),
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

it('squeeze and unsqueeze compute shapes in types', () => {
  const x = zeros([1, 3, 1]);
  expectTypeOf(x.squeeze()).toEqualTypeOf<Tensor<[3], 'float32'>>();
  expectTypeOf(x.squeeze(0)).toEqualTypeOf<Tensor<[3, 1], 'float32'>>();
  expectTypeOf(x.squeeze(1)).toEqualTypeOf<Tensor<[1, 3, 1], 'float32'>>();
  expectTypeOf(x.unsqueeze(-1)).toEqualTypeOf<Tensor<[1, 3, 1, 1], 'float32'>>();
  expectTypeOf(x.unsqueeze(1)).toEqualTypeOf<Tensor<[1, 1, 3, 1], 'float32'>>();
  // @ts-expect-error: axis 5 is out of range
  expect(() => x.unsqueeze(5)).toThrow('unsqueeze');
  // @ts-expect-error: axis 3 is out of range
  expect(() => x.squeeze(3)).toThrow('squeeze');
});
