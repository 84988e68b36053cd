import { embeddingBag, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

const indices = (shape: number[]) => ({
  operands: [{ shape, dtype: 'int32' as const, range: [0, 4] as [number, number] }],
});

moduleSpec('EmbeddingBag', {
  make: (options) => new nn.EmbeddingBag(5, 3, options),
  inputs: [indices([2, 3]), indices([1, 1]), indices([0, 2])],
  equals: ({ weight }, x) => embeddingBag(x, weight),
  text: "EmbeddingBag(numEmbeddings=5, embeddingDim=3, mode='mean', paddingIdx=null)",
  errors: [
    { call: () => new nn.EmbeddingBag(0, 2), says: 'EmbeddingBag: numEmbeddings must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.EmbeddingBag(3, 2, { mode: 'min' as never }),
      says: "EmbeddingBag: mode must be 'sum', 'mean' or 'max'; got 'min'",
    },
    {
      call: () => new nn.EmbeddingBag(3, 2, { paddingIdx: 3 }),
      says: 'EmbeddingBag: paddingIdx must be a whole number within -3 … 2; got 3',
    },
  ],
  golden: {
    file: 'embedding_bag',
    model: ({ params: { mode, padding_idx } }, dtype) =>
      new nn.EmbeddingBag(7, 3, { mode, paddingIdx: padding_idx, dtype }),
  },
});
