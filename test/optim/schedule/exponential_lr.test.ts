import { ExponentialLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('ExponentialLR', {
  make: (optimizer, options) => new ExponentialLR(optimizer, options),
  options: { gamma: 0.9 },
  golden: { exp: { gamma: 0.9 } },
  errors: [{ options: { gamma: -1 }, says: 'ValueError ExponentialLR: gamma must be a finite number ≥ 0; got -1' }],
});
