import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface CosineOptions {
  /** Steps from the highest rate to the lowest; whole, ≥ 1. */
  tMax: number;
  /** Lowest rate; ≥ 0; default 0. */
  etaMin?: number;
}

/**
 * Half a cosine, from the base to `etaMin` in `tMax` steps; further steps rise again.
 *
 *   etaMin + (base − etaMin) · (1 + cos(π t / tMax)) / 2
 *
 * @source Loshchilov, Hutter 2016, arXiv:1608.03983, equation 5, without restarts
 */
export function cosine(options: CosineOptions): Rate {
  const { tMax, etaMin = 0 } = given(options);
  checkWhole('CosineAnnealingLR', 'tMax', tMax, 1);
  checkNonNegative('CosineAnnealingLR', 'etaMin', etaMin);
  return (base, t) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * t) / tMax))) / 2;
}

/** Lowers the learning rate along half a cosine; see `rates.cosine`. */
export class CosineAnnealingLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: CosineOptions & ScheduleOptions) {
    super('CosineAnnealingLR', optimizer, { lr: cosine(options) }, options);
  }
}
