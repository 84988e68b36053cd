import { CosineAnnealingLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('CosineAnnealingLR', {
  make: (optimizer, options) => new CosineAnnealingLR(optimizer, options),
  options: { tMax: 5 },
  golden: { cosine: { tMax: 10, etaMin: 0.001 } },
  errors: [
    { options: { tMax: 2.5 }, says: 'ValueError CosineAnnealingLR: tMax must be a whole number ≥ 1; got 2.5' },
    {
      options: { tMax: 2, etaMin: -1 },
      says: 'ValueError CosineAnnealingLR: etaMin must be a finite number ≥ 0; got -1',
    },
  ],
});
