import { DiffGrad } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('DiffGrad', {
  make: (p, options) => new DiffGrad(p, options),
  variants: { plain: { lr: 0.01, weightDecay: 0.1 }, upwards: { lr: 0.01, betas: [0.8, 0.9], maximize: true } },
  // Of the sigmoid's exponential.
  sameEverywhere: false,
  formulas: [
    {
      options: { lr: 0.1, betas: [0.8, 0.9] },
      formula: () => {
        let [m, v, before] = [0, 0, 0];
        return (x, g, t) => {
          const friction = 1 / (1 + Math.exp(-Math.abs(before - g)));
          before = g;
          m = 0.8 * m + 0.2 * g;
          v = 0.9 * v + 0.1 * g * g;
          return x - (0.1 * friction * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-8);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.1 }, steps: 500 },
  rosenbrock: { options: { lr: 0.05 }, steps: 2000, below: 1e-2 },
  errors: [{ options: { eps: -1 }, says: 'ValueError DiffGrad: eps must be a finite number ≥ 0; got -1' }],
});
