import { CosineAnnealingWarmRestarts } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

const name = 'CosineAnnealingWarmRestarts';

scheduleSpec(name, {
  make: (optimizer, options) => new CosineAnnealingWarmRestarts(optimizer, options),
  options: { t0: 2, tMult: 2 },
  golden: { cosine_restart: { t0: 4, tMult: 2 } },
  values: [
    {
      says: 'lecture notes 004, lines 3293–3302: from the highest rate to the lowest, and back at once',
      options: { t0: 4 },
      at: { 0: 1, 1: 0.853553, 2: 0.5, 3: 0.146447, 4: 1, 5: 0.853553 },
    },
    {
      says: 'lecture notes 004, line 3321: both bounds decay after each cycle, which may lengthen',
      options: { t0: 2, tMult: 2, etaMin: 0.2, decay: 0.5 },
      at: { 0: 1, 1: 0.6, 2: 0.5, 4: 0.3, 6: 0.25, 10: 0.15 },
    },
  ],
  errors: [
    { options: { t0: 0 }, says: `ValueError ${name}: t0 must be a whole number ≥ 1; got 0` },
    { options: { t0: 1, tMult: 0.5 }, says: `ValueError ${name}: tMult must be a whole number ≥ 1; got 0.5` },
    { options: { t0: 1, etaMin: -1 }, says: `ValueError ${name}: etaMin must be a finite number ≥ 0; got -1` },
    { options: { t0: 1, decay: -1 }, says: `ValueError ${name}: decay must be a finite number ≥ 0; got -1` },
  ],
});
