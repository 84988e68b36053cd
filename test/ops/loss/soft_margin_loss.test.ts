import { softMarginLoss } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, reductions, samples, signs } from '../../losses.js';

spec('softMarginLoss', softMarginLoss, {
  reference: paired((x, t) => Math.log1p(Math.exp(-t * x))),
  samples: [...samples(), ...reductions([{ shape: [3, 4] }, signs([3, 4])])],
  errors: [mismatch('softMarginLoss', softMarginLoss)],
});
