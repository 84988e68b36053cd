import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface ConstantOptions {
  /** Share of the base at first; ≥ 0; default 1/3. */
  factor?: number;
  /** Steps until the base itself; whole, ≥ 0; default 5. */
  totalIters?: number;
}

/**
 * A share of the base for some steps, then the base.
 *
 *   base · factor for t < totalIters, then base
 */
export function constant(options: ConstantOptions = {}): Rate {
  const { factor = 1 / 3, totalIters = 5 } = given(options);
  checkNonNegative('ConstantLR', 'factor', factor);
  checkWhole('ConstantLR', 'totalIters', totalIters, 0);
  return (base, t) => (t < totalIters ? base * factor : base);
}

/** Multiplies the learning rate by `factor` for the first steps; see `rates.constant`. */
export class ConstantLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: ConstantOptions & ScheduleOptions = {}) {
    super('ConstantLR', optimizer, { lr: constant(options) }, options);
  }
}
