import { checkNonNegative, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface ExponentialOptions {
  /** Factor of a step; ≥ 0. */
  gamma: number;
}

/**
 * Exponential decay, or with gamma > 1 growth.
 *
 *   base · gamma^t
 */
export function exponential(options: ExponentialOptions): Rate {
  const { gamma } = given(options);
  checkNonNegative('ExponentialLR', 'gamma', gamma);
  return (base, t) => base * gamma ** t;
}

/** Multiplies the learning rate by `gamma` in every step; see `rates.exponential`. */
export class ExponentialLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: ExponentialOptions & ScheduleOptions) {
    super('ExponentialLR', optimizer, { lr: exponential(options) }, options);
  }
}
