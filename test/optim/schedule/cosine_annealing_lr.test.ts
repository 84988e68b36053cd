import { CosineAnnealingLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('CosineAnnealingLR', {
  make: (optimizer, options) => new CosineAnnealingLR(optimizer, options),
  options: { tMax: 5 },
  golden: { cosine: { tMax: 10, etaMin: 0.001 } },
  values: [
    {
      // Line 3319 prints ½ (η_max − η_min) for its beginning, where the cosine's part is 2.
      says: 'lecture notes 004, lines 3299–3316: a cycle from the highest rate to the lowest',
      options: { tMax: 4 },
      at: { 0: 1, 1: 0.853553, 2: 0.5, 3: 0.146447, 4: 0 },
    },
  ],
  errors: [
    { options: { tMax: 2.5 }, says: 'ValueError CosineAnnealingLR: tMax must be a whole number ≥ 1; got 2.5' },
    {
      options: { tMax: 2, etaMin: -1 },
      says: 'ValueError CosineAnnealingLR: etaMin must be a finite number ≥ 0; got -1',
    },
  ],
});
