import { checkFraction, checkNonNegative, checkPositive, checkWhole, given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

export interface OneCycleOptions {
  /** Values where the cycle begins, at its peak, and at its end. */
  values: readonly [start: number, peak: number, end: number];
  /** Steps of the whole cycle; whole, ≥ 2. Later ones keep the end's value. */
  totalSteps: number;
  /** Share of the steps before the peak; in 0 … 1; default 0.3. */
  pctStart?: number;
  /** How it goes from value to value; default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** Go back to the start in as many steps as it went up, and only then on to the end; default false. */
  threePhase?: boolean;
}

/**
 * One cycle: up to a peak and down to the end, along cosines or straight lines.
 *
 *   start → peak in pctStart · totalSteps − 1 steps, peak → end in the rest
 *
 * With three phases: start → peak, peak → start in as many steps, start → end.
 *
 * @source Smith, Topin 2017, arXiv:1708.07120, section 3: super-convergence; in PyTorch's form;
 *         lecture notes 004, lines 3378–3403
 */
export function oneCycle(options: OneCycleOptions): Rate {
  const { values, totalSteps, pctStart = 0.3, annealStrategy = 'cos', threePhase = false } = given(options);
  if (!Array.isArray(values)) {
    throw new ValueError(`OneCycleLR: values must be [start, peak, end]; got ${String(values)}`);
  }
  const [start, peak, end]: readonly number[] = values;
  checkWhole('OneCycleLR', 'totalSteps', totalSteps, 2);
  checkFraction('OneCycleLR', 'pctStart', pctStart);
  if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
    throw new ValueError(`OneCycleLR: annealStrategy must be 'cos' or 'linear'; got ${String(annealStrategy)}`);
  }
  const up = pctStart * totalSteps;
  const phases = threePhase
    ? [
        { until: up - 1, from: start, to: peak },
        { until: 2 * up - 2, from: peak, to: start },
        { until: totalSteps - 1, from: start, to: end },
      ]
    : [
        { until: up - 1, from: start, to: peak },
        { until: totalSteps - 1, from: peak, to: end },
      ];
  return (_, t) => {
    const step = Math.min(t, totalSteps - 1);
    const i = phases.findIndex(({ until }) => step <= until);
    const { until, from, to } = phases[i];
    const begin = i === 0 ? 0 : phases[i - 1].until;
    const share = until > begin ? (step - begin) / (until - begin) : 1;
    return annealStrategy === 'cos'
      ? to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
      : from + (to - from) * share;
  };
}

export interface OneCycleLROptions extends Omit<OneCycleOptions, 'values'>, ScheduleOptions {
  /** Learning rate of the peak; > 0. */
  maxLr: number;
  /** The first rate is maxLr / divFactor; > 0; default 25. */
  divFactor?: number;
  /** The last rate is the first / finalDivFactor; > 0; default 1e4. Smith, lecture notes 004, line 3396: 10. */
  finalDivFactor?: number;
  /** Let the momentum fall where the rate rises, and rise where it falls; default true. */
  cycleMomentum?: boolean;
  /** Momentum at the peak; ≥ 0; default 0.85. */
  baseMomentum?: number;
  /** Momentum at the start and the end; ≥ 0; default 0.95. */
  maxMomentum?: number;
}

/** One cycle of the learning rate, and of the momentum against it; see `rates.oneCycle`. Made for `every: 'step'`. */
export class OneCycleLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: OneCycleLROptions) {
    const {
      maxLr,
      divFactor = 25,
      finalDivFactor = 1e4,
      cycleMomentum = true,
      baseMomentum = 0.85,
      maxMomentum = 0.95,
      ...cycle
    } = given(options);
    for (const [name, value] of Object.entries({ maxLr, divFactor, finalDivFactor })) {
      checkPositive('OneCycleLR', name, value);
    }
    checkNonNegative('OneCycleLR', 'baseMomentum', baseMomentum);
    checkNonNegative('OneCycleLR', 'maxMomentum', maxMomentum);
    const start = maxLr / divFactor;
    const lr = oneCycle({ ...cycle, values: [start, maxLr, start / finalDivFactor] });
    const momentum = oneCycle({ ...cycle, values: [maxMomentum, baseMomentum, maxMomentum] });
    super('OneCycleLR', optimizer, cycleMomentum ? { lr, momentum } : { lr }, options);
  }
}
