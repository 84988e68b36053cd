import { huberLoss, ones } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('huberLoss', huberLoss, {
  reference: paired((x, t, { delta = 1 }) => {
    const d = Math.abs(x - t);
    return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2);
  }),
  samples: [...samples(), ...samples(undefined, undefined, { delta: 0.3 })],
  errors: [
    mismatch('huberLoss', huberLoss),
    {
      call: () => huberLoss(ones([1]), ones([1]), { delta: 0 }),
      says: 'huberLoss: delta must be a number > 0; got 0',
    },
  ],
});
