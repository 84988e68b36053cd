import { ones, smoothL1Loss } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('smoothL1Loss', smoothL1Loss, {
  reference: paired((x, t, { beta = 1 }) => {
    const d = Math.abs(x - t);
    return d < beta ? d ** 2 / (2 * beta) : d - beta / 2;
  }),
  samples: [...samples(), ...samples([1, 2], [-1, 0.5], { beta: 0 }), ...samples(undefined, undefined, { beta: 0.3 })],
  errors: [
    mismatch('smoothL1Loss', smoothL1Loss),
    {
      call: () => smoothL1Loss(ones([1]), ones([1]), { beta: -1 }),
      says: 'smoothL1Loss: beta must be a finite number ≥ 0; got -1',
    },
  ],
});
