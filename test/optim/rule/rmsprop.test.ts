import { RMSprop } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('RMSprop', {
  make: (p, options) => new RMSprop(p, options),
  variants: {
    plain: { lr: 0.01, weightDecay: 0.1 },
    'centred, with momentum': { lr: 0.01, centered: true, momentum: 0.9, maximize: true },
    'with eps inside of the root': { lr: 0.01, eps: 0.1, epsInside: true },
  },
  golden: {
    rmsprop: { lr: 0.01 },
    rmsprop_centered_mom_wd: { lr: 0.01, alpha: 0.9, momentum: 0.5, centered: true, weightDecay: 0.1 },
  },
  formulas: [
    {
      options: { lr: 0.1, alpha: 0.8, eps: 0.01, epsInside: true },
      formula: () => {
        let v = 0;
        return (x, g) => {
          v = 0.8 * v + 0.2 * g * g;
          return x - (0.1 * g) / Math.sqrt(v + 0.01);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.01, alpha: 0.9, eps: 1e-2 }, steps: 1500 },
  rosenbrock: { options: { lr: 1e-3 }, steps: 3000, below: 1e-1 },
  errors: [
    { options: { alpha: 1 }, says: 'ValueError RMSprop: alpha must be a number ≥ 0 and < 1; got 1' },
    { options: { centered: 0 }, says: 'ValueError RMSprop: centered must be true or false; got 0' },
  ],
});
