import { contentLoss, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

spec('contentLoss', contentLoss, {
  reference: ([x, t]: Plain[], options = {}) => {
    const squares = { shape: x.shape, data: x.data.map((v, i) => (v - t.data[i]) ** 2 / 2) };
    return reduced([2], vectors(squares, 2).map(sum), options);
  },
  samples: reductions([{ shape: [2, 3, 4] }, { shape: [2, 3, 4] }]),
  errors: [
    mismatch('contentLoss', contentLoss),
    {
      call: () => contentLoss(ones([3]), ones([3])),
      says: 'contentLoss: input must have the axes [batch, channels, ...]; got [3]',
    },
  ],
});
