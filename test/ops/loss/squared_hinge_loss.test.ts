import { squaredHingeLoss } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, reductions, samples, signs } from '../../losses.js';

spec('squaredHingeLoss', squaredHingeLoss, {
  reference: paired((x, t) => Math.max(0, 1 - t * x) ** 2),
  samples: [...samples(), ...reductions([{ shape: [3, 4] }, signs([3, 4])])],
  errors: [mismatch('squaredHingeLoss', squaredHingeLoss)],
});
