import { Adamax } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Adamax', {
  make: (p, options) => new Adamax(p, options),
  variants: { plain: { lr: 0.01, weightDecay: 0.1 }, upwards: { lr: 0.01, betas: [0.8, 0.9], maximize: true } },
  golden: { adamax: { lr: 0.01, weightDecay: 0.01 } },
  quadratic: { options: { lr: 0.1 }, steps: 500 },
  rosenbrock: { options: { lr: 0.05 }, steps: 3000, below: 1e-2 },
  errors: [{ options: { betas: [1, 0.9] }, says: 'ValueError Adamax: betas[0] must be a number ≥ 0 and < 1; got 1' }],
});
