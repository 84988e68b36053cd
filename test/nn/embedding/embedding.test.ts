import { embedding, nn, oneHot, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

const indices = (shape: number[]) => ({
  operands: [{ shape, dtype: 'int32' as const, range: [0, 4] as [number, number] }],
});

moduleSpec('Embedding', {
  make: (options) => new nn.Embedding(5, 3, options),
  inputs: [indices([2, 3]), indices([1]), indices([0, 2])],
  equals: ({ weight }, x) => embedding(x, weight),
  text: 'Embedding(numEmbeddings=5, embeddingDim=3, paddingIdx=null)',
  errors: [
    { call: () => new nn.Embedding(0, 2), says: 'Embedding: numEmbeddings must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.Embedding(3, 2, { paddingIdx: 3 }),
      says: 'Embedding: paddingIdx must be a whole number within -3 … 2; got 3',
    },
    {
      call: () => new nn.Embedding(3, 2).forward(tensor([1, 3], { dtype: 'int32' })),
      says: 'embedding: index 3 at [1] must be within 0 … 2, the rows of weight [3, 2]',
    },
  ],
  golden: {
    file: 'embedding',
    model: ({ params: { num, dim, padding_idx = null } }, dtype) =>
      new nn.Embedding(num, dim, { paddingIdx: padding_idx, dtype }),
  },
});

moduleSpec('Embedding with padding', {
  make: (options) => new nn.Embedding(5, 3, { ...options, paddingIdx: -2 }),
  inputs: [indices([4]), indices([1, 2]), indices([0])],
  equals: ({ weight }, x) => embedding(x, weight, { paddingIdx: 3 }),
  // The padding's row has no derivative, though the result depends on it.
  differentiable: 'elsewhere',
  text: 'Embedding(numEmbeddings=5, embeddingDim=3, paddingIdx=3)',
});

it("an embedding's padding row starts at 0", () => {
  const table = new nn.Embedding(4, 2, { paddingIdx: -1 });
  expect(table.weight.slice(3).toArray()).toEqual([0, 0]);
  expect(table.weight.slice(0).toArray()).not.toEqual([0, 0]);
});

// The matrix there is the transpose, 300 × 10,000, and its product with a one-hot vector a column.
it('lecture notes 001, lines 970 and 987: 10,000 words in 300 dimensions are a table of 10,000 × 300', () => {
  const table = new nn.Embedding(10_000, 300);
  expect(table.weight.shape).toEqual([10_000, 300]);
  const word = tensor([4321], { dtype: 'int32' });
  const product = oneHot(word, 10_000).matmul(table.weight) as Tensor;
  expect(table.forward(word).data()).toEqual(product.data());
});
