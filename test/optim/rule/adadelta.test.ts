import { Adadelta } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Adadelta', {
  make: (p, options) => new Adadelta(p, options),
  variants: { plain: { weightDecay: 0.1 }, upwards: { rho: 0.8, maximize: true } },
  golden: { adadelta: { lr: 1, rho: 0.9, weightDecay: 0.01 } },
  quadratic: { options: { eps: 1e-3 }, steps: 500 },
  rosenbrock: { options: { lr: 1 }, steps: 3000, below: 1 },
  errors: [{ options: { rho: 1 }, says: 'ValueError Adadelta: rho must be a number ≥ 0 and < 1; got 1' }],
});
