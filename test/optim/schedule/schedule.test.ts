import { ones, zeros } from 'adjoint';
import * as optim from 'adjoint/optim';
import { type Optimizer, Schedule, SGD, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

const twoGroups = (): Optimizer<any> =>
  new SGD([{ parameters: [zeros([1])] }, { parameters: [zeros([1])], lr: 4 }], { lr: 2, weightDecay: 0.5 });

describe('a schedule', () => {
  it('changes every group from its own base', () => {
    const optimizer = twoGroups();
    const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
    schedule.step();
    expect(schedule.lastLr).toEqual([2, 4]);
    schedule.step();
    expect(schedule.lastLr).toEqual([1, 2]);
    expect(optimizer.groups.map(({ lr }) => lr)).toEqual([1, 2]);
  });

  it('changes any hyper-parameter', () => {
    const optimizer = twoGroups();
    const schedule = new Schedule('decay', optimizer, { weightDecay: (base, t) => base / 2 ** t }, { every: 'step' });
    schedule.step();
    expect(schedule.last('weightDecay')).toEqual([0.25, 0.25]);
    const [{ parameters, weightDecay, lr }] = optimizer.groups;
    expect([weightDecay, lr]).toEqual([0.25, 2]);
    parameters[0].assign(ones([1])).requireGrad().grad = zeros([1]);
    optimizer.step();
    expect(parameters[0].item()).toBe(0.5);
  });

  it('refuses options that the optimiser lacks, and states that make no sense', () => {
    const optimizer = twoGroups();
    expect(message(() => new Schedule('warm', optimizer, { heat: (base) => base }))).toBe(
      'ValueError warm: the optimiser must have the option heat; got lr, momentum, dampening, weightDecay, nesterov, rateInVelocity, maximize; leave it out of the schedule',
    );
    const schedule = new StepLR(optimizer, { stepSize: 1 });
    const load = (state: object): string => message(() => schedule.loadStateDict(state as never));
    expect(load({ step: -1, bases: { lr: [1, 1] } })).toBe(
      'FormatError StepLR.loadStateDict: step must be a whole number ≥ 0; got -1',
    );
    expect(load({ step: 1, bases: { lr: [1] } })).toBe(
      'FormatError StepLR.loadStateDict: the optimiser has 2 groups, the state 1; build it with the same groups',
    );
    expect(load({ step: 1, bases: { lr: [1, Number.NaN] } })).toBe(
      'ValueError StepLR.loadStateDict: bases.lr must be a finite number ≥ 0; got NaN',
    );
    expect(load({ step: 1, bases: { momentum: [1, 1] } })).toBe(
      'FormatError StepLR.loadStateDict: the state must have bases of lr; got momentum; was it saved by another schedule?',
    );
    expect(load({ step: 1, baseLrs: [1, 1] })).toBe(
      'FormatError StepLR.loadStateDict: the state must have bases of lr; got none; was it saved by another schedule?',
    );
    expect(schedule.stateDict()).toEqual({ step: 0, bases: { lr: [2, 4] } });
  });
});

it('no schedule and no rate is made of nothing without its own error', () => {
  const schedules = Object.entries(optim).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Schedule,
  ) as [string, new (...given: unknown[]) => unknown][];
  const rates = Object.entries(optim.rates) as [string, (...given: unknown[]) => unknown][];
  const made = [
    ...schedules.map(([name, Made]) => [name, () => new Made(new SGD([zeros([1]).requireGrad()], { lr: 1 }))] as const),
    ...rates.map(([name, make]) => [name, () => make()] as const),
  ];
  const refused = made.flatMap(([name, make]) => {
    try {
      make();
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).name}`];
    }
  });
  expect(refused.length).toBeGreaterThan(10);
  expect(refused.filter((what) => !what.endsWith('ValueError'))).toEqual([]);
  expect(() => new optim.OneCycleLR(new SGD([zeros([1]).requireGrad()], { lr: 1 }), undefined as never)).toThrow(
    'OneCycleLR: maxLr must be a number > 0; got undefined',
  );
});
