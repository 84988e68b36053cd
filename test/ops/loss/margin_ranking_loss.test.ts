import { marginRankingLoss, ones } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, signs } from '../../losses.js';

spec('marginRankingLoss', marginRankingLoss, {
  reference: ([a, b, y]: Plain[], options: { margin?: number } = {}) =>
    reduced(
      a.shape,
      a.data.map((x, i) => Math.max(0, (options.margin ?? 0) - y.data[i] * (x - b.data[i]))),
      options,
    ),
  samples: [
    ...reductions([{ shape: [6] }, { shape: [6] }, signs([6])]),
    ...reductions([{ shape: [2, 3] }, { shape: [2, 3] }, signs([2, 3])], { margin: 0.3 }),
  ],
  errors: [
    {
      call: () => marginRankingLoss(ones([4]), ones([4]), ones([4, 1])),
      says: 'marginRankingLoss: first, second and target must have one shape; got [4], [4] and [4, 1]; reshape one of them',
    },
    {
      call: () => marginRankingLoss(ones([4]), ones([4]), ones([4]), { margin: NaN }),
      says: 'marginRankingLoss: margin must be a finite number; got NaN',
    },
  ],
});
