import { split, stack, type Tensor, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { at, build } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

/** The part that a sample asks for. */
const part = (i: number) => (x: Tensor, size: number | number[], axis: number) => split(x, size, axis)[i];

spec('split', part(1), {
  reference: ([x]: Plain[], size: number | number[], axis: number): Plain => {
    const sizes = typeof size === 'number' ? [size, Math.min(size, x.shape[axis] - size)] : size;
    return build(x.shape.with(axis, sizes[1]), (index) => at(x, index.with(axis, index[axis] + sizes[0])));
  },
  samples: [
    { operands: [{ shape: [6] }], args: [4, 0] },
    { operands: [{ shape: [6] }], args: [[1, 3, 2], 0] },
    { operands: [{ shape: [3, 4] }], args: [2, 1] },
    { operands: [{ shape: [3, 4], dtype: 'uint8' }], args: [[3, 1], 1] },
    { operands: [{ shape: [4, 2] }], args: [[4, 0], 0] },
  ],
  errors: [
    {
      call: () => stack(split(zeros([5, 3]), [2, 2])),
      says: 'split: sizes [2, 2] must add up to 5, axis 0 of shape [5, 3]',
    },
    {
      call: () => stack(split(zeros([5, 3]), 0)),
      says: 'split: size must be a whole number ≥ 1; got 0',
    },
  ],
});

it('split: gives views', () => {
  const x = zeros([4, 3]);
  const parts = x.split(2);
  expectTypeOf(parts).toEqualTypeOf<Tensor<[number, 3], 'float32'>[]>();
  expect(parts.map((p) => p.storage === x.storage)).toEqual([true, true]);
});
