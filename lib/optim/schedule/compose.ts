import { checkWhole, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Optimizer } from '../optimizer.js';
import { linear } from './linear_lr.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface InOrderOptions {
  /** One after the other. */
  rates: readonly Rate[];
  /** Steps at which the next of the rates begins, at its step 0; rising, one fewer than rates. */
  milestones: readonly number[];
}

/** One rate after another, each from its own step 0. */
export function inOrder(options: InOrderOptions): Rate {
  const { rates = [], milestones = [] } = given(options);
  if (rates.length === 0 || milestones.length !== rates.length - 1) {
    throw new ValueError(
      `SequentialLR: there must be one milestone fewer than rates; got ${rates.length} rates and ${milestones.length} milestones`,
    );
  }
  milestones.forEach((milestone, i) => {
    checkWhole('SequentialLR', `milestones[${i}]`, milestone, i === 0 ? 1 : milestones[i - 1] + 1);
  });
  return (base, t) => {
    const passed = milestones.filter((milestone) => milestone <= t).length;
    return rates[passed](base, t - (passed === 0 ? 0 : milestones[passed - 1]));
  };
}

/** Each rate's value is the base of the next: factors multiply. */
export function chained(rates: readonly Rate[]): Rate {
  if (!Array.isArray(rates)) throw new ValueError(`ChainedScheduler: rates must be an array; got ${String(rates)}`);
  return (base, t) => rates.reduce((value: number, rate: Rate) => rate(value, t), base);
}

export interface WarmUpOptions {
  /** Steps of the warm-up; whole, ≥ 1. */
  steps: number;
  /** Share of the base at step 0; ≥ 0; default 0. */
  startFactor?: number;
  /** The rate behind the warm-up, from its step 0; default the base. */
  after?: Rate;
}

/**
 * A straight rise to the base, then another rate.
 *
 * @source Goyal et al. 2017, arXiv:1706.02677, section 2.2
 */
export function warmUp(options: WarmUpOptions): Rate {
  const { steps, startFactor = 0, after = (base: number) => base }: WarmUpOptions = given(options);
  checkWhole('WarmUpLR', 'steps', steps, 1);
  return inOrder({ rates: [linear({ startFactor, totalIters: steps }), after], milestones: [steps] });
}

/** Goes through several rates of the learning rate, one after another; see `rates.inOrder`. */
export class SequentialLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: InOrderOptions & ScheduleOptions) {
    super('SequentialLR', optimizer, { lr: inOrder(options) }, options);
  }
}

/** Applies several rates of the learning rate, each to the value of the one before; see `rates.chained`. */
export class ChainedScheduler extends Schedule {
  constructor(optimizer: Optimizer<any>, options: { rates: readonly Rate[] } & ScheduleOptions) {
    super('ChainedScheduler', optimizer, { lr: chained(given(options).rates) }, options);
  }
}

/** Raises the learning rate from little to its base, then goes on with another rate; see `rates.warmUp`. */
export class WarmUpLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: WarmUpOptions & ScheduleOptions) {
    super('WarmUpLR', optimizer, { lr: warmUp(options) }, options);
  }
}
