import { mseLoss, ones } from 'adjoint';
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
