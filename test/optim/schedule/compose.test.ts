import { ChainedScheduler, rates, SequentialLR, WarmUpLR } from 'adjoint/optim';
import { expect, it } from 'vitest';
import { scheduleSpec } from '../../schedule_spec.js';

const halves = rates.exponential({ gamma: 0.5 });
const tenths = rates.steps({ stepSize: 1 });

scheduleSpec('SequentialLR', {
  make: (optimizer, options) => new SequentialLR(optimizer, options),
  options: { rates: [halves, tenths], milestones: [4] },
  values: [
    {
      says: 'goes from one rate to the next, each from its own beginning',
      options: { rates: [halves, tenths, halves], milestones: [2, 4] },
      at: { 0: 1, 1: 0.5, 2: 1, 3: 0.1, 4: 1, 6: 0.25 },
    },
    {
      says: 'lecture notes 004, line 7347: YOLO, from 10⁻³ up to 10⁻², to epoch 75, then 10⁻³ for 30, 10⁻⁴ for 30',
      options: {
        rates: [
          rates.linear({ startFactor: 0.1, totalIters: 5 }),
          rates.constant({ factor: 1 }),
          rates.constant({ factor: 0.1, totalIters: Number.MAX_SAFE_INTEGER }),
          rates.constant({ factor: 0.01, totalIters: Number.MAX_SAFE_INTEGER }),
        ],
        milestones: [5, 75, 105],
      },
      base: { lr: 1e-2 },
      at: { 0: 1e-3, 5: 1e-2, 74: 1e-2, 75: 1e-3, 104: 1e-3, 105: 1e-4, 134: 1e-4 },
    },
  ],
  errors: [
    {
      options: { rates: [halves], milestones: [1] },
      says: 'ValueError SequentialLR: there must be one milestone fewer than rates; got 1 rates and 1 milestones',
    },
    {
      options: { rates: [halves, halves, halves], milestones: [2, 2] },
      says: 'ValueError SequentialLR: milestones[1] must be a whole number ≥ 3; got 2',
    },
  ],
});

scheduleSpec('ChainedScheduler', {
  make: (optimizer, options) => new ChainedScheduler(optimizer, options),
  options: { rates: [halves, tenths] },
  values: [{ says: 'multiplies factors', options: { rates: [halves, tenths] }, at: { 0: 1, 1: 0.05, 2: 0.0025 } }],
  errors: [],
});

scheduleSpec('WarmUpLR', {
  make: (optimizer, options) => new WarmUpLR(optimizer, options),
  options: { steps: 4 },
  values: [
    { says: 'rises, and stays', options: { steps: 4 }, at: { 0: 0, 1: 0.25, 4: 1, 9: 1 } },
    {
      says: 'rises, and goes on',
      options: { steps: 2, startFactor: 0.5, after: halves },
      at: { 0: 0.5, 1: 0.75, 2: 1, 4: 0.25 },
    },
  ],
  errors: [{ options: { steps: 0 }, says: 'ValueError WarmUpLR: steps must be a whole number ≥ 1; got 0' }],
});

it('rates are plain functions, to be plotted', () => {
  const rate = rates.chained([rates.warmUp({ steps: 2 }), rates.polynomial({ totalIters: 4 })]);
  expect([0, 1, 2, 3, 4].map((t) => rate(8, t))).toEqual([0, 3, 4, 2, 0]);
});
