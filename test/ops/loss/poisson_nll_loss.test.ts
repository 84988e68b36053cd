import { ones, poissonNllLoss } from 'adjoint';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

interface Options {
  logInput?: boolean;
  full?: boolean;
  eps?: number;
}

spec('poissonNllLoss', poissonNllLoss, {
  reference: paired((x, t, { logInput = true, full = false, eps = 1e-8 }: Options) => {
    const loss = logInput ? Math.exp(x) - t * x : x - t * Math.log(x + eps);
    return full && t > 1 ? loss + t * Math.log(t) - t + Math.log(2 * Math.PI * t) / 2 : loss;
  }),
  samples: [
    ...samples(undefined, [0, 4]),
    ...samples([0.1, 3], [0, 4], { logInput: false, full: true }),
    ...samples([0.1, 3], [0, 4], { logInput: false, eps: 0.5 }),
  ],
  slack: 2,
  errors: [
    mismatch('poissonNllLoss', poissonNllLoss),
    {
      call: () => poissonNllLoss(ones([1]), ones([1]), { eps: 0 }),
      says: 'poissonNllLoss: eps must be a number > 0; got 0',
    },
  ],
});
