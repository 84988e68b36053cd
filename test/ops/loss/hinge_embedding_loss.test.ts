import { hingeEmbeddingLoss, ones } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, reductions, signs } from '../../losses.js';

spec('hingeEmbeddingLoss', hingeEmbeddingLoss, {
  reference: paired((x, t, { margin = 1 }) => (t === 1 ? x : Math.max(0, margin - x))),
  samples: [
    ...reductions([{ shape: [3, 4] }, signs([3, 4])]),
    ...reductions([{ shape: [3, 4] }, signs([3, 4])], { margin: 0.4 }),
  ],
  errors: [
    mismatch('hingeEmbeddingLoss', hingeEmbeddingLoss),
    {
      call: () => hingeEmbeddingLoss(ones([1]), ones([1]), { margin: NaN }),
      says: 'hingeEmbeddingLoss: margin must be a finite number; got NaN',
    },
  ],
});
