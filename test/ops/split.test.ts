import { split, stack, type Tensor, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { at, build } from '../axes.js';
import { type Plain, spec } from '../harness.js';

/** The part that a sample asks for. */
const part = (i: number) => (x: Tensor, parts: number | number[], axis: number) => split(x, parts, axis)[i];

spec('split', part(1), {
  reference: ([x]: Plain[], parts: number | number[], axis: number): Plain => {
    const total = x.shape[axis];
    const sizes = typeof parts === 'number' ? new Array<number>(parts).fill(total / parts) : parts;
    return build(x.shape.with(axis, sizes[1]), (index) => at(x, index.with(axis, index[axis] + sizes[0])));
  },
  samples: [
    { operands: [{ shape: [6] }], args: [2, 0] },
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
      call: () => stack(split(zeros([5, 3]), 2)),
      says: "split: the number of parts must divide 5, axis 0 of shape [5, 3]; got 2; or pass the parts' sizes",
    },
  ],
});

it('split: gives views', () => {
  const x = zeros([4, 3]);
  const parts = x.split(2);
  expectTypeOf(parts).toEqualTypeOf<Tensor<[number, 3], 'float32'>[]>();
  expect(parts.map((p) => p.storage === x.storage)).toEqual([true, true]);
});
