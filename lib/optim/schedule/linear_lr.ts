import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface LinearOptions {
  /** Factor at step 0; ≥ 0; default 1/3. */
  startFactor?: number;
  /** Factor from step `totalIters` on; ≥ 0; default 1. */
  endFactor?: number;
  /** Steps from the one to the other; whole, ≥ 1; default 5. */
  totalIters?: number;
}

/**
 * A straight way from one share of the base to another, where it stays.
 *
 *   base · (startFactor + (endFactor − startFactor) · min(t / totalIters, 1))
 *
 * @source lecture notes 002, line 645, with startFactor 1 and endFactor ητ / η₀, which it calls simulated annealing
 */
export function linear(options: LinearOptions = {}): Rate {
  const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = given(options);
  checkNonNegative('LinearLR', 'startFactor', startFactor);
  checkNonNegative('LinearLR', 'endFactor', endFactor);
  checkWhole('LinearLR', 'totalIters', totalIters, 1);
  return (base, t) => base * (startFactor + (endFactor - startFactor) * Math.min(t / totalIters, 1));
}

/** Moves the learning rate from one share of its base to another; see `rates.linear`. */
export class LinearLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: LinearOptions & ScheduleOptions = {}) {
    super('LinearLR', optimizer, { lr: linear(options) }, options);
  }
}
