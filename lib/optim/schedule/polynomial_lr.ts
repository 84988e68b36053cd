import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface PolynomialOptions {
  /** Steps until 0; whole, ≥ 1; default 5. */
  totalIters?: number;
  /** ≥ 0; default 1. */
  power?: number;
}

/**
 * A fall to 0 along a power.
 *
 *   base · (1 − min(t / totalIters, 1))^power
 */
export function polynomial(options: PolynomialOptions = {}): Rate {
  const { totalIters = 5, power = 1 } = given(options);
  checkWhole('PolynomialLR', 'totalIters', totalIters, 1);
  checkNonNegative('PolynomialLR', 'power', power);
  return (base, t) => base * (1 - Math.min(t / totalIters, 1)) ** power;
}

/** Lowers the learning rate to 0 along a power; see `rates.polynomial`. */
export class PolynomialLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: PolynomialOptions & ScheduleOptions = {}) {
    super('PolynomialLR', optimizer, { lr: polynomial(options) }, options);
  }
}
