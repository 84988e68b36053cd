import { cosineEmbeddingLoss, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, signs, sum, vectors } from '../../losses.js';

const dot = (a: number[], b: number[]): number => sum(a.map((x, i) => x * b[i]));

/** With what keeps it from 0. */
const squaredLength = (a: number[]): number => dot(a, a) + 1e-12;

spec('cosineEmbeddingLoss', cosineEmbeddingLoss, {
  reference: ([a, b, y]: Plain[], options: { margin?: number } = {}) => {
    const others = vectors(b);
    const losses = vectors(a).map((first, i) => {
      const cosine = dot(first, others[i]) / Math.sqrt(squaredLength(first) * squaredLength(others[i]));
      return y.data[i] === 1 ? 1 - cosine : Math.max(0, cosine - (options.margin ?? 0));
    });
    return reduced(y.shape, losses, options);
  },
  samples: [
    ...reductions([{ shape: [4, 5] }, { shape: [4, 5] }, signs([4])]),
    ...reductions([{ shape: [2, 2, 3] }, { shape: [2, 2, 3] }, signs([2, 2])], { margin: -0.9 }),
    { operands: [{ shape: [3] }, { shape: [3] }, { shape: [], dtype: 'int32', values: [-1] }], args: [{ margin: -1 }] },
  ],
  errors: [
    {
      call: () => cosineEmbeddingLoss(ones([4, 5]), ones([4, 5]), ones([4, 1])),
      says: 'cosineEmbeddingLoss: target must be [4], first [4, 5] without its last axis; got [4, 1]',
    },
    {
      call: () => cosineEmbeddingLoss(ones([4, 5]), ones([4, 4]), ones([4])),
      says: 'cosineEmbeddingLoss: first and second must have one shape; got [4, 5] and [4, 4]; reshape one of them',
    },
    {
      call: () => cosineEmbeddingLoss(ones([1, 2]), ones([1, 2]), ones([1]), { margin: Infinity }),
      says: 'cosineEmbeddingLoss: margin must be a finite number; got Infinity',
    },
  ],
});
