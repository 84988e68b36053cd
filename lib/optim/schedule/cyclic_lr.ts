import { checkFinite, checkNonNegative, checkWhole, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

/** How the cycles change: not; half as high each; lower by `gamma` each step; that along parabolas. */
export type CyclicMode = 'triangular' | 'triangular2' | 'expRange' | 'parabolic';

export interface CyclicOptions {
  /** The value where a cycle begins and ends; ≥ 0. */
  from: number;
  /** The value of its middle; ≥ 0. */
  to: number;
  /** Steps up; whole, ≥ 1; default 2000. */
  stepSizeUp?: number;
  /** Steps down; whole, ≥ 1; default stepSizeUp. */
  stepSizeDown?: number;
  /** Default 'triangular'. */
  mode?: CyclicMode;
  /** Factor of a step on the height, in the modes 'expRange' and 'parabolic'; ≥ 0; default 1. */
  gamma?: number;
}

const modes: readonly string[] = ['triangular', 'triangular2', 'expRange', 'parabolic'];

/**
 * Cycles between two values.
 *
 *   from + (to − from) · h · s
 *
 *   h = 1 − x, x from 1 to 0 in stepSizeUp steps and back to 1 in stepSizeDown; parabolic: 1 − x²
 *   s = 1; triangular2: 2^(1 − cycle), cycles counted from 1; expRange and parabolic: gamma^t
 *
 * @source Smith 2015, arXiv:1506.01186, section 3.1; the parabola: his section 3.2, lecture notes 004, line 3225
 */
export function cyclic(options: CyclicOptions): Rate {
  const { from, to, stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = 'triangular', gamma = 1 } = given(options);
  checkFinite('CyclicLR', 'from', from);
  checkFinite('CyclicLR', 'to', to);
  checkWhole('CyclicLR', 'stepSizeUp', stepSizeUp, 1);
  checkWhole('CyclicLR', 'stepSizeDown', stepSizeDown, 1);
  checkNonNegative('CyclicLR', 'gamma', gamma);
  if (!modes.includes(mode)) throw new ValueError(`CyclicLR: mode must be ${modes.join(', ')}; got ${String(mode)}`);
  return (_, t) => {
    const cycle = Math.floor(t / (stepSizeUp + stepSizeDown));
    const since = t - cycle * (stepSizeUp + stepSizeDown);
    const x = since <= stepSizeUp ? 1 - since / stepSizeUp : (since - stepSizeUp) / stepSizeDown;
    const height = mode === 'parabolic' ? 1 - x * x : 1 - x;
    const scale = mode === 'triangular' ? 1 : mode === 'triangular2' ? 2 ** -cycle : gamma ** t;
    return from + (to - from) * height * scale;
  };
}

export interface CyclicLROptions extends Omit<CyclicOptions, 'from' | 'to'>, ScheduleOptions {
  /** Lowest learning rate; ≥ 0. */
  baseLr: number;
  /** Highest learning rate; ≥ 0. */
  maxLr: number;
  /** Let the momentum fall where the rate rises, and rise where it falls; default true. */
  cycleMomentum?: boolean;
  /** Lowest momentum; ≥ 0; default 0.8. */
  baseMomentum?: number;
  /** Highest momentum; ≥ 0; default 0.9. */
  maxMomentum?: number;
}

/** Cycles the learning rate, and the momentum against it; see `rates.cyclic`. Made for `every: 'step'`. */
export class CyclicLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: CyclicLROptions) {
    const { baseLr, maxLr, cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9, ...cycle } = given(options);
    for (const [name, value] of Object.entries({ baseLr, maxLr, baseMomentum, maxMomentum })) {
      checkNonNegative('CyclicLR', name, value);
    }
    const lr = cyclic({ ...cycle, from: baseLr, to: maxLr });
    const momentum = cyclic({ ...cycle, from: maxMomentum, to: baseMomentum });
    super('CyclicLR', optimizer, cycleMomentum ? { lr, momentum } : { lr }, options);
  }
}
