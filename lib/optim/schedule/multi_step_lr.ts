import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface MultiStepOptions {
  /** Steps at which the rate falls; whole, ≥ 0. */
  milestones: readonly number[];
  /** Factor of a change; ≥ 0; default 0.1. */
  gamma?: number;
}

/**
 * A fall by the factor `gamma` at every milestone.
 *
 *   base · gamma^(number of milestones ≤ t)
 */
export function multiStep(options: MultiStepOptions): Rate {
  const { milestones, gamma = 0.1 }: MultiStepOptions = given(options);
  if (!Array.isArray(milestones)) {
    throw new ValueError(`MultiStepLR: milestones must be an array of steps; got ${String(milestones)}`);
  }
  milestones.forEach((milestone, i) => {
    checkWhole('MultiStepLR', `milestones[${i}]`, milestone, 0);
  });
  checkNonNegative('MultiStepLR', 'gamma', gamma);
  return (base, t) => base * gamma ** milestones.filter((milestone) => milestone <= t).length;
}

/** Multiplies the learning rate by `gamma` at every milestone; see `rates.multiStep`. */
export class MultiStepLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: MultiStepOptions & ScheduleOptions) {
    super('MultiStepLR', optimizer, { lr: multiStep(options) }, options);
  }
}
