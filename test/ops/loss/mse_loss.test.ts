import { mseLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('mseLoss', mseLoss, {
  reference: paired((x, t) => (x - t) ** 2),
  samples: samples(),
  errors: [
    mismatch('mseLoss', mseLoss),
    {
      call: () => mseLoss(ones([4]), ones([4]), { reduction: 'max' as never }),
      says: "mseLoss: reduction must be 'mean', 'sum' or 'none'; got 'max'",
    },
  ],
});

// Line 607 of lecture notes 001 adds up n + 1 terms.
it('lecture notes 000, line 156, lecture notes 001, line 330: mseLoss is the mean over n examples', () => {
  expect(mseLoss(tensor([1, 2, 4]), tensor([1, 0, 1])).item()).toBeCloseTo(13 / 3, 6);
});
