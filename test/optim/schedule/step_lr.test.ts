import { StepLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('StepLR', {
  make: (optimizer, options) => new StepLR(optimizer, options),
  options: { stepSize: 2, gamma: 0.5 },
  golden: { step: { stepSize: 3, gamma: 0.5 } },
  values: [
    {
      says: 'lecture notes 004, line 3153: falls by a share after a number of epochs',
      options: { stepSize: 2 },
      at: { 0: 1, 1: 1, 2: 0.1, 4: 0.01 },
    },
  ],
  errors: [
    { options: { stepSize: 0 }, says: 'ValueError StepLR: stepSize must be a whole number ≥ 1; got 0' },
    { options: { stepSize: 1, gamma: -1 }, says: 'ValueError StepLR: gamma must be a finite number ≥ 0; got -1' },
  ],
});
