import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface StepOptions {
  /** Steps between two changes; whole, ≥ 1. */
  stepSize: number;
  /** Factor of a change; ≥ 0; default 0.1. */
  gamma?: number;
}

/**
 * A fall by the factor `gamma` every `stepSize` steps.
 *
 *   base · gamma^⌊t / stepSize⌋
 */
export function steps(options: StepOptions): Rate {
  const { stepSize, gamma = 0.1 } = given(options);
  checkWhole('StepLR', 'stepSize', stepSize, 1);
  checkNonNegative('StepLR', 'gamma', gamma);
  return (base, t) => base * gamma ** Math.floor(t / stepSize);
}

/** Multiplies the learning rate by `gamma` every `stepSize` steps; see `rates.steps`. */
export class StepLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: StepOptions & ScheduleOptions) {
    super('StepLR', optimizer, { lr: steps(options) }, options);
  }
}
