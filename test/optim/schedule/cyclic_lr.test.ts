import { zeros } from 'adjoint';
import { Adam, CyclicLR, LBFGS } from 'adjoint/optim';
import { expect, it } from 'vitest';
import { message } from '../../message.js';
import { scheduleSpec } from '../../schedule_spec.js';

const bounds = { baseLr: 0, maxLr: 1 };

scheduleSpec('CyclicLR', {
  make: (optimizer, options) => new CyclicLR(optimizer, options),
  options: { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 2, stepSizeDown: 3 },
  golden: { cyclic: { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4, cycleMomentum: false } },
  values: [
    {
      says: 'lecture notes 004, lines 3248–3256: a step size of 100 is a cycle of 200, from the lowest rate up and back',
      options: { baseLr: 0.2, maxLr: 1, stepSizeUp: 100 },
      at: { 0: 0.2, 50: 0.6, 100: 1, 150: 0.6, 200: 0.2, 300: 1, 400: 0.2, 500: 1 },
    },
    {
      says: 'lecture notes 004, line 3191: triangular2 halves the height after every cycle',
      options: { ...bounds, stepSizeUp: 2, mode: 'triangular2' },
      at: { 0: 0, 2: 1, 4: 0, 6: 0.5, 7: 0.25, 10: 0.25 },
    },
    {
      says: 'lecture notes 004, line 3195: expRange lowers it in every step',
      options: { ...bounds, stepSizeUp: 2, mode: 'expRange', gamma: 0.5 },
      at: { 1: 0.25, 2: 0.25, 3: 0.0625, 6: 1 / 64 },
    },
    {
      says: 'lecture notes 004, line 3225: parabolas between decaying bounds',
      options: { ...bounds, stepSizeUp: 2, mode: 'parabolic', gamma: 0.5 },
      at: { 0: 0, 1: 0.375, 2: 0.25, 3: 0.09375, 4: 0 },
    },
    {
      says: 'goes up and down at its own speeds',
      options: { ...bounds, stepSizeUp: 1, stepSizeDown: 4 },
      at: { 0: 0, 1: 1, 2: 0.75, 5: 0, 6: 1 },
    },
    {
      says: 'lets the momentum fall where the rate rises',
      options: { ...bounds, stepSizeUp: 2, baseMomentum: 0.5, maxMomentum: 0.9 },
      option: 'momentum',
      at: { 0: 0.9, 1: 0.7, 2: 0.5, 4: 0.9 },
    },
  ],
  errors: [
    { options: { baseLr: -1, maxLr: 1 }, says: 'ValueError CyclicLR: baseLr must be a finite number ≥ 0; got -1' },
    { options: { baseLr: 1 }, says: 'ValueError CyclicLR: maxLr must be a finite number ≥ 0; got undefined' },
    {
      options: { ...bounds, stepSizeUp: 0 },
      says: 'ValueError CyclicLR: stepSizeUp must be a whole number ≥ 1; got 0',
    },
    {
      options: { ...bounds, stepSizeDown: 0 },
      says: 'ValueError CyclicLR: stepSizeDown must be a whole number ≥ 1; got 0',
    },
    { options: { ...bounds, gamma: -1 }, says: 'ValueError CyclicLR: gamma must be a finite number ≥ 0; got -1' },
    {
      options: { ...bounds, mode: 'square' },
      says: 'ValueError CyclicLR: mode must be triangular, triangular2, expRange, parabolic; got square',
    },
  ],
});

it('CyclicLR takes the first beta for the momentum', () => {
  const optimizer = new Adam([zeros([1])], { betas: [0.7, 0.99] });
  const schedule = new CyclicLR(optimizer, { ...bounds, stepSizeUp: 2 });
  schedule.step();
  schedule.step();
  expect(optimizer.groups[0].betas).toEqual([0.8, 0.99]);
  expect(schedule.stateDict().bases).toEqual({ lr: [1e-3], momentum: [0.7] });
});

it('CyclicLR asks for a momentum to cycle', () => {
  expect(message(() => new CyclicLR(new LBFGS([zeros([1])]), bounds))).toBe(
    'ValueError CyclicLR: the optimiser must have the option momentum, or betas; got lr, maxIter, toleranceGrad, toleranceChange, historySize, lineSearch, maxEval; leave it out of the schedule',
  );
});
