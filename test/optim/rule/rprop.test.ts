import { Rprop } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Rprop', {
  make: (p, options) => new Rprop(p, options),
  variants: { plain: { lr: 0.01, weightDecay: 0.1 }, upwards: { lr: 0.01, stepSizes: [0.009, 0.011], maximize: true } },
  golden: { rprop: { lr: 0.01 } },
  quadratic: { options: { lr: 0.1 }, steps: 100 },
  rosenbrock: { options: { lr: 0.01 }, steps: 1000, below: 1e-2 },
  errors: [
    { options: { etas: [0, 1.2] }, says: 'ValueError Rprop: etas[0] must be a number > 0; got 0' },
    { options: { stepSizes: [1e-6] }, says: 'ValueError Rprop: stepSizes must be two numbers; got 0.000001' },
  ],
});
