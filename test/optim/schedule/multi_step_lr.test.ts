import { MultiStepLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('MultiStepLR', {
  make: (optimizer, options) => new MultiStepLR(optimizer, options),
  options: { milestones: [2, 5], gamma: 0.5 },
  golden: { multistep: { milestones: [2, 5], gamma: 0.1 } },
  errors: [
    {
      options: { milestones: [1, 2.5] },
      says: 'ValueError MultiStepLR: milestones[1] must be a whole number ≥ 0; got 2.5',
    },
    {
      options: { milestones: [1], gamma: Number.NaN },
      says: 'ValueError MultiStepLR: gamma must be a finite number ≥ 0; got NaN',
    },
  ],
});
