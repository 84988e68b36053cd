import { OneCycleLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

const straight = { maxLr: 1, totalSteps: 11, pctStart: 6 / 11, divFactor: 10, annealStrategy: 'linear' };

scheduleSpec('OneCycleLR', {
  make: (optimizer, options) => new OneCycleLR(optimizer, options),
  options: { maxLr: 1, totalSteps: 8 },
  golden: { onecycle: { maxLr: 1, totalSteps: 12 } },
  values: [
    {
      says: 'goes along straight lines, and stays at the end',
      options: { ...straight, finalDivFactor: 100 },
      at: { 0: 0.1, 5: 1, 10: 0.001, 11: 0.001, 15: 0.001 },
    },
    {
      says: 'lecture notes 004, line 3396: in the last phase the rate falls to a tenth of the first',
      options: { ...straight, totalSteps: 13, pctStart: 5 / 13, finalDivFactor: 10, threePhase: true },
      at: { 0: 0.1, 2: 0.55, 4: 1, 6: 0.55, 8: 0.1, 12: 0.01 },
    },
    {
      says: 'lecture notes 004, line 3399: the momentum goes the other way',
      options: { ...straight, baseMomentum: 0.8, maxMomentum: 0.9 },
      option: 'momentum',
      at: { 0: 0.9, 5: 0.8, 10: 0.9 },
    },
  ],
  errors: [
    { options: { maxLr: 0, totalSteps: 5 }, says: 'ValueError OneCycleLR: maxLr must be a number > 0; got 0' },
    {
      options: { maxLr: 1, totalSteps: 1 },
      says: 'ValueError OneCycleLR: totalSteps must be a whole number ≥ 2; got 1',
    },
    {
      options: { maxLr: 1, totalSteps: 5, pctStart: 2 },
      says: 'ValueError OneCycleLR: pctStart must be within 0 … 1; got 2',
    },
    {
      options: { maxLr: 1, totalSteps: 5, divFactor: 0 },
      says: 'ValueError OneCycleLR: divFactor must be a number > 0; got 0',
    },
    {
      options: { maxLr: 1, totalSteps: 5, baseMomentum: -1 },
      says: 'ValueError OneCycleLR: baseMomentum must be a finite number ≥ 0; got -1',
    },
    {
      options: { maxLr: 1, totalSteps: 5, annealStrategy: 'sine' },
      says: "ValueError OneCycleLR: annealStrategy must be 'cos' or 'linear'; got sine",
    },
  ],
});
