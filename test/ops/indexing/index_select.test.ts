import { indexAdd, indexSelect, ones, type Tensor, tensor, zeros } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';
import { at, build, flatOf, indices } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

const int = (...values: number[]): Tensor<any, 'int32'> => tensor(values, { dtype: 'int32' });

spec('indexSelect', (x, index, axis) => indexSelect(x, axis, index), {
  reference: ([x, index]: Plain[], axis: number): Plain =>
    build(x.shape.with(axis, index.data.length), (i) => at(x, i.with(axis, index.data[i[axis]]))),
  samples: [
    { operands: [{ shape: [5] }, { shape: [7], dtype: 'int32', range: [0, 4] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [2], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [3, 37] }, { shape: [6], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [2, 3, 4] }, { shape: [4], dtype: 'int32', range: [0, 2] }], args: [1] },
    { operands: [{ shape: [2, 3] }, { shape: [0], dtype: 'int32' }], args: [1] },
    { operands: [{ shape: [5, 0] }, { shape: [3], dtype: 'int32', range: [0, 4] }], args: [0] },
    {
      operands: [
        { shape: [4, 2], dtype: 'uint8' },
        { shape: [3], dtype: 'int32', range: [0, 3] },
      ],
      args: [0],
    },
  ],
  errors: [
    {
      call: () => indexSelect(zeros([3, 5]), 1, int(0, 1, 7)),
      says: 'indexSelect: index 7 at [2] must be within 0 … 4, axis 1 of shape [3, 5]',
    },
    {
      call: () => indexSelect(zeros([3, 5]), 1, int(0).reshape([1, 1]) as Tensor),
      says: 'indexSelect: the index must have one axis; got shape [1, 1]; flatten it and reshape the result',
    },
  ],
});

spec('indexAdd', (x, source, index, axis) => indexAdd(x, axis, index, source), {
  reference: ([x, source, index]: Plain[], axis: number): Plain => {
    const data = [...x.data];
    for (const i of indices(source.shape)) data[flatOf(i.with(axis, index.data[i[axis]]), x.shape)] += at(source, i);
    return { shape: x.shape, data };
  },
  samples: [
    { operands: [{ shape: [5] }, { shape: [7] }, { shape: [7], dtype: 'int32', range: [0, 4] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [4, 5] }, { shape: [4], dtype: 'int32', range: [0, 2] }], args: [0] },
    { operands: [{ shape: [3, 5] }, { shape: [3, 2] }, { shape: [2], dtype: 'int32', range: [0, 4] }], args: [1] },
    { operands: [{ shape: [2, 3] }, { shape: [0, 3] }, { shape: [0], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [5, 0] }, { shape: [3, 0] }, { shape: [3], dtype: 'int32', range: [0, 4] }], args: [0] },
  ],
  // Up to seven numbers are added to one.
  slack: 4,
  errors: [
    {
      call: () => indexAdd(zeros([2]), 0, int(2), ones([1])),
      says: 'indexAdd: index 2 at [0] must be within 0 … 1, axis 0 of shape [2]',
    },
    {
      call: () => indexAdd(zeros([3, 5]), 1, int(0, 1), ones([2, 2])),
      says: 'indexAdd: the source must have shape [3, 2]; got [2, 2]',
    },
  ],
});

it('indexSelect computes shapes in types', () => {
  const index = tensor([0, 1], { dtype: 'int32' });
  expectTypeOf(zeros([3, 5]).indexSelect(0, index)).toEqualTypeOf<Tensor<[2, 5], 'float32'>>();
  // @ts-expect-error: axis 2 is out of range
  expect(() => zeros([3, 5]).indexSelect(2, index)).toThrow('indexSelect');
});
