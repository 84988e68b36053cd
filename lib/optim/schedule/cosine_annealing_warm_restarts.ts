import { checkNonNegative, checkWhole, given } from '../../core/check.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface WarmRestartsOptions {
  /** Steps of the first cycle; whole, ≥ 1. */
  t0: number;
  /** How many times longer every cycle is than the one before; whole, ≥ 1; default 1. */
  tMult?: number;
  /** Lowest rate; ≥ 0; default 0. */
  etaMin?: number;
  /** Factor on both bounds after every cycle; ≥ 0; default 1. */
  decay?: number;
}

/**
 * Stochastic gradient descent with warm restarts (SGDR): half a cosine from the base to `etaMin`, again and again.
 *
 *   decayⁱ (etaMin + (base − etaMin) · (1 + cos(π T / Tᵢ)) / 2)        T steps since restart i, Tᵢ = t0 · tMultⁱ
 *
 * @source Loshchilov, Hutter 2016, arXiv:1608.03983, equation 5; decaying bounds: lecture notes 004, line 3321
 */
export function warmRestarts(options: WarmRestartsOptions): Rate {
  const { t0, tMult = 1, etaMin = 0, decay = 1 } = given(options);
  const name = 'CosineAnnealingWarmRestarts';
  checkWhole(name, 't0', t0, 1);
  checkWhole(name, 'tMult', tMult, 1);
  checkNonNegative(name, 'etaMin', etaMin);
  checkNonNegative(name, 'decay', decay);
  return (base, t) => {
    let [since, length, restarts] = [t, t0, 0];
    while (since >= length) {
      since -= length;
      length *= tMult;
      restarts++;
    }
    return decay ** restarts * (etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * since) / length))) / 2);
  };
}

/** Lowers the learning rate along half a cosine, and restarts; see `rates.warmRestarts`. */
export class CosineAnnealingWarmRestarts extends Schedule {
  constructor(optimizer: Optimizer<any>, options: WarmRestartsOptions & ScheduleOptions) {
    super('CosineAnnealingWarmRestarts', optimizer, { lr: warmRestarts(options) }, options);
  }
}
