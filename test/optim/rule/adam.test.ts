import { Adam, AdamW } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Adam', {
  make: (p, options) => new Adam(p, options),
  variants: {
    plain: { lr: 0.01, weightDecay: 0.1 },
    'with amsgrad': { lr: 0.01, amsgrad: true, maximize: true },
    'with eps inside of the root': { lr: 0.01, eps: 0.1, epsInside: true },
  },
  golden: {
    adam: { lr: 0.01 },
    adam_wd_amsgrad: { lr: 0.01, weightDecay: 0.1, amsgrad: true, betas: [0.8, 0.95], eps: 1e-6 },
  },
  formulas: [
    {
      options: { lr: 0.1, betas: [0.8, 0.9], eps: 0.01, epsInside: true },
      formula: () => {
        let [m, v] = [0, 0];
        return (x, g, t) => {
          m = 0.8 * m + 0.2 * g;
          v = 0.9 * v + 0.1 * g * g;
          return x - (0.1 * (m / (1 - 0.8 ** t))) / Math.sqrt(v / (1 - 0.9 ** t) + 0.01);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.1 }, steps: 300 },
  rosenbrock: { options: { lr: 0.05 }, steps: 1000, below: 2e-2 },
  errors: [
    { options: { betas: [0.9, 1] }, says: 'ValueError Adam: betas[1] must be a number ≥ 0 and < 1; got 1' },
    { options: { betas: 0.9 }, says: 'ValueError Adam: betas must be two numbers; got 0.9' },
    { options: { amsgrad: 1 }, says: 'ValueError Adam: amsgrad must be true or false; got 1' },
  ],
});

optimizerSpec('AdamW', {
  make: (p, options) => new AdamW(p, options),
  variants: { plain: { lr: 0.01 } },
  golden: {
    adamw: { lr: 0.01, weightDecay: 0.1 },
    adamw_amsgrad: { lr: 0.01, weightDecay: 0.05, amsgrad: true },
  },
  quadratic: { options: { lr: 0.1, weightDecay: 0 }, steps: 300 },
  rosenbrock: { options: { lr: 0.05, weightDecay: 0 }, steps: 1000, below: 2e-2 },
  errors: [
    { options: { eps: Infinity }, says: 'ValueError AdamW: eps must be a finite number ≥ 0; got Infinity' },
    { options: { weightDecay: -1 }, says: 'ValueError AdamW: weightDecay must be a finite number ≥ 0; got -1' },
  ],
});
