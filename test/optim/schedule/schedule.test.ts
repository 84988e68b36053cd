import { zeros } from 'adjoint';
import { CosineAnnealingLR, type Optimizer, type Schedule, SGD, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';

const twoGroups = (): Optimizer =>
  new SGD([{ parameters: [zeros([1])] }, { parameters: [zeros([1])], lr: 4 }], { lr: 2 });

const schedules: Record<string, (optimizer: Optimizer) => Schedule> = {
  StepLR: (optimizer) => new StepLR(optimizer, { stepSize: 2, gamma: 0.5 }),
  CosineAnnealingLR: (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 5 }),
};

describe('a schedule', () => {
  it('changes every group from its own base rate', () => {
    const optimizer = twoGroups();
    const schedule = schedules['StepLR'](optimizer);
    schedule.step();
    expect(schedule.lastLr).toEqual([2, 4]);
    schedule.step();
    expect(schedule.lastLr).toEqual([1, 2]);
    expect(optimizer.groups.map(({ lr }) => lr)).toEqual([1, 2]);
  });

  it.each(Object.entries(schedules))('%s goes on where it was saved', (_, make) => {
    const through = make(twoGroups());
    for (let i = 0; i < 3; i++) through.step();
    const saved = JSON.parse(JSON.stringify(through.stateDict()));

    // The optimiser comes back with the rates of the middle of the run.
    const optimizer = twoGroups();
    through.lastLr.forEach((lr, i) => {
      optimizer.groups[i].lr = lr;
    });
    const resumed = make(optimizer);
    resumed.loadStateDict(saved);
    for (let i = 0; i < 4; i++) {
      expect(resumed.lastLr).toEqual(through.lastLr);
      expect(optimizer.groups.map(({ lr }) => lr)).toEqual(through.lastLr);
      resumed.step();
      through.step();
    }
  });

  it('refuses options and states that make no sense', () => {
    const optimizer = twoGroups();
    expect(() => new StepLR(optimizer, { stepSize: 0 })).toThrow('StepLR: stepSize must be a whole number ≥ 1; got 0');
    expect(() => new StepLR(optimizer, { stepSize: 1, gamma: -1 })).toThrow(
      'StepLR: gamma must be a finite number ≥ 0; got -1',
    );
    expect(() => new CosineAnnealingLR(optimizer, { tMax: 2.5 })).toThrow(
      'CosineAnnealingLR: tMax must be a whole number ≥ 1; got 2.5',
    );
    const schedule = new StepLR(optimizer, { stepSize: 1 });
    expect(() => schedule.loadStateDict({ step: -1, baseLrs: [1, 1] })).toThrow(
      'StepLR.loadStateDict: step must be a whole number ≥ 0; got -1',
    );
    expect(() => schedule.loadStateDict({ step: 1, baseLrs: [1] })).toThrow(
      'StepLR.loadStateDict: the optimiser has 2 groups, the state 1; build it with the same groups',
    );
    expect(() => schedule.loadStateDict({ step: 1, baseLrs: [1, Number.NaN] })).toThrow(
      'StepLR.loadStateDict: baseLrs must be a finite number ≥ 0; got NaN',
    );
  });
});
