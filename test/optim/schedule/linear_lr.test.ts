import { LinearLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('LinearLR', {
  make: (optimizer, options) => new LinearLR(optimizer, options),
  options: { startFactor: 0.5, totalIters: 6 },
  golden: { linear: { startFactor: 0.1, endFactor: 1, totalIters: 5 } },
  values: [
    {
      says: 'lecture notes 002, line 645: (1 − k / τ) η₀ + (k / τ) ητ with η₀ = 1, ητ = 0, τ = 4',
      options: { startFactor: 1, endFactor: 0, totalIters: 4 },
      at: { 0: 1, 1: 0.75, 2: 0.5, 3: 0.25, 4: 0, 5: 0 },
    },
  ],
  errors: [
    { options: { startFactor: -1 }, says: 'ValueError LinearLR: startFactor must be a finite number ≥ 0; got -1' },
    { options: { endFactor: -1 }, says: 'ValueError LinearLR: endFactor must be a finite number ≥ 0; got -1' },
    { options: { totalIters: 0 }, says: 'ValueError LinearLR: totalIters must be a whole number ≥ 1; got 0' },
  ],
});
