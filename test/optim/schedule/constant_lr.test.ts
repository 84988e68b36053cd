import { ConstantLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('ConstantLR', {
  make: (optimizer, options) => new ConstantLR(optimizer, options),
  options: { factor: 0.5, totalIters: 6 },
  golden: { constant: { factor: 0.25, totalIters: 4 } },
  errors: [
    { options: { factor: -1 }, says: 'ValueError ConstantLR: factor must be a finite number ≥ 0; got -1' },
    { options: { totalIters: -1 }, says: 'ValueError ConstantLR: totalIters must be a whole number ≥ 0; got -1' },
  ],
});
