import { multilabelMarginLoss, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, vectors } from '../../losses.js';

const labels = { shape: [4, 3], dtype: 'int32' as const, values: [0, 2, -1, -1, 1, 2, 1, -1, 0, 0, 1, 2] };

spec('multilabelMarginLoss', multilabelMarginLoss, {
  reference: ([x, y]: Plain[], options = {}) => {
    const rows = vectors(y);
    const losses = vectors(x).map((scores, i) => {
      const end = rows[i].indexOf(-1);
      const own = end < 0 ? rows[i] : rows[i].slice(0, end);
      let total = 0;
      for (const j of own) {
        scores.forEach((s, c) => {
          if (!own.includes(c)) total += Math.max(0, 1 - scores[j] + s);
        });
      }
      return total / scores.length;
    });
    return reduced([x.shape[0]], losses, options);
  },
  samples: reductions([{ shape: [4, 3] }, labels]),
  errors: [
    {
      call: () => multilabelMarginLoss(zeros([1, 4]), tensor([[3, 4, -1, 0]], { dtype: 'int32' })),
      says: 'multilabelMarginLoss: labels must be within 0 … 3, or -1 behind the last one; got 4 at [0, 1]',
    },
    {
      call: () => multilabelMarginLoss(zeros([1, 4]), zeros([1, 4])),
      says: 'multilabelMarginLoss: labels must be int32; got float32',
    },
    {
      call: () => multilabelMarginLoss(zeros([1, 4]), zeros([1, 3], { dtype: 'int32' })),
      says: 'multilabelMarginLoss: input and target must have one shape; got [1, 4] and [1, 3]; reshape one of them',
    },
  ],
});

// The example of PyTorch's documentation of MultiLabelMarginLoss.
it('multilabelMarginLoss: labels end at the first -1', () => {
  const target = tensor([[3, 0, -1, 1]], { dtype: 'int32' });
  expect(multilabelMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), target).item()).toBeCloseTo(0.85, 6);
});
