import { l1Loss } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('l1Loss', l1Loss, {
  reference: paired((x, t) => Math.abs(x - t)),
  samples: samples([1, 2], [-1, 0.5]),
  errors: [mismatch('l1Loss', l1Loss)],
});
