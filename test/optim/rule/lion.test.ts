import { Lion } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Lion', {
  make: (p, options) => new Lion(p, options),
  variants: { plain: { lr: 0.01, weightDecay: 0.1 }, upwards: { lr: 0.01, maximize: true } },
  formulas: [
    {
      options: { lr: 0.1, betas: [0.8, 0.9], weightDecay: 0.5 },
      formula: () => {
        let m = 0;
        return (x, g) => {
          const direction = Math.sign(0.8 * m + 0.2 * g);
          m = 0.9 * m + 0.1 * g;
          return x - 0.1 * (direction + 0.5 * x);
        };
      },
    },
  ],
  // Steps of one length stay that far from the minimum.
  quadratic: { options: { lr: 4e-4 }, steps: 12_000 },
  rosenbrock: { options: { lr: 1e-3 }, steps: 3000, below: 1e-2 },
  errors: [{ options: { betas: [0.9, -1] }, says: 'ValueError Lion: betas[1] must be a number ≥ 0 and < 1; got -1' }],
});
