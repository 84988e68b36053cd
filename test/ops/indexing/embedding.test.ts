import { embedding, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, type Sample, spec } from '../../harness.js';

const sample = (shape: number[], values: number[], options: object = {}): Sample => ({
  operands: [{ shape, dtype: 'int32', values }, { shape: [4, 3] }],
  args: [options],
});

spec('embedding', embedding, {
  reference: ([indices, weight]: Plain[]) => ({
    shape: [...indices.shape, 3],
    data: indices.data.flatMap((row) => weight.data.slice(3 * row, 3 * row + 3)),
  }),
  samples: [sample([2, 3], [0, 3, 3, 1, 0, 0]), sample([], [2]), sample([0], [])],
  errors: [
    {
      call: () => embedding(tensor([[0, 2, 9]], { dtype: 'int32' }), ones([7, 4])),
      says: 'embedding: index 9 at [0, 2] must be within 0 … 6, the rows of weight [7, 4]',
    },
    {
      call: () => embedding(tensor([0], { dtype: 'int32' }), ones([7]) as never),
      says: 'embedding: weight must have the axes [count, dim]; got [7]',
    },
    {
      call: () => embedding(tensor([0], { dtype: 'int32' }), ones([7, 4]), { paddingIdx: 7 }),
      says: 'embedding: paddingIdx must be a whole number within -7 … 6; got 7',
    },
  ],
});

describe.each(engines)('embedding on $name', ({ use }) => {
  it('gives the padding row its values but no gradient', () => {
    use();
    const weight = tensor([[1], [2], [3]]).requireGrad();
    const y = embedding(tensor([0, 2, 2, 1], { dtype: 'int32' }), weight, { paddingIdx: -1 });
    y.sum().backward();
    expect(y.toArray()).toEqual([[1], [3], [3], [2]]);
    expect(weight.grad?.toArray()).toEqual([[1], [1], [0]]);
  });
});
