import { PolynomialLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('PolynomialLR', {
  make: (optimizer, options) => new PolynomialLR(optimizer, options),
  options: { totalIters: 6 },
  golden: { poly: { totalIters: 8, power: 2 } },
  errors: [
    { options: { totalIters: 0 }, says: 'ValueError PolynomialLR: totalIters must be a whole number ≥ 1; got 0' },
    { options: { power: -1 }, says: 'ValueError PolynomialLR: power must be a finite number ≥ 0; got -1' },
  ],
});
