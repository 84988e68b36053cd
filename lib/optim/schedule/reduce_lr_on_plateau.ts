import { checkNonNegative, checkWhole } from '../../core/check.js';
import { FormatError, ValueError } from '../../core/errors.js';
import { runsJavaScript } from '../../core/recording.js';
import { checkAveraging } from '../hyperparameters.js';
import type { Optimizer } from '../optimizer.js';
import { Schedule, type ScheduleOptions, type ScheduleState } from './schedule.js';

export interface PlateauOptions extends ScheduleOptions {
  /** Whether a score is better when it is lower or higher; default 'min'. */
  mode?: 'min' | 'max';
  /** Factor of a reduction; in [0, 1); default 0.1. */
  factor?: number;
  /** Steps without a better score that are let pass before a reduction; whole, ≥ 0; default 10. */
  patience?: number;
  /** How much better a score must be to count; ≥ 0; default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best score, or a difference from it; default 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Steps after a reduction in which no worse one is counted; whole, ≥ 0; default 0. */
  cooldown?: number;
  /** Lowest learning rate; ≥ 0; default 0. */
  minLr?: number;
  /** A reduction by no more than this is left out; ≥ 0; default 1e-8. */
  eps?: number;
}

/** What it remembers: the best score, how many were no better since, how many steps no worse one counts. */
interface Memory {
  best: number;
  bad: number;
  rest: number;
}

/**
 * Multiplies the learning rate by `factor` when a score has not become better for `patience` steps. `step` takes the score:
 *
 *     schedule.step(validation.loss);
 *
 * Its `step` counts the reductions in the state.
 *
 * @throws ValueError "ReduceLROnPlateau.step: the score must be a number; got undefined; pass the loss or metric to watch"
 */
export class ReduceLROnPlateau extends Schedule {
  readonly #options: Required<Omit<PlateauOptions, 'every' | 'factor' | 'minLr' | 'eps'>>;
  #memory: Memory;

  constructor(
    optimizer: Optimizer<any>,
    {
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      thresholdMode = 'rel',
      cooldown = 0,
      minLr = 0,
      eps = 1e-8,
      ...options
    }: PlateauOptions = {},
  ) {
    const name = 'ReduceLROnPlateau';
    if (mode !== 'min' && mode !== 'max') {
      throw new ValueError(`${name}: mode must be 'min' or 'max'; got ${String(mode)}`);
    }
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new ValueError(`${name}: thresholdMode must be 'rel' or 'abs'; got ${String(thresholdMode)}`);
    }
    checkAveraging(name, 'factor', factor);
    checkWhole(name, 'patience', patience, 0);
    checkWhole(name, 'cooldown', cooldown, 0);
    checkNonNegative(name, 'threshold', threshold);
    checkNonNegative(name, 'minLr', minLr);
    checkNonNegative(name, 'eps', eps);
    const lr = (base: number, reductions: number): number => {
      let value = base;
      for (let i = 0; i < reductions; i++) {
        const next = Math.max(value * factor, minLr);
        if (value - next > eps) value = next;
      }
      return value;
    };
    super(name, optimizer, { lr }, options);
    this.#options = { mode, patience, threshold, thresholdMode, cooldown };
    this.#memory = { best: mode === 'min' ? Infinity : -Infinity, bad: 0, rest: 0 };
  }

  /** @param score  what should become better; NaN is no better than anything */
  override step(score?: number): void {
    runsJavaScript('ReduceLROnPlateau.step');
    if (typeof score !== 'number') {
      throw new ValueError(
        `ReduceLROnPlateau.step: the score must be a number; got ${typeof score}; pass the loss or metric to watch`,
      );
    }
    const memory = this.#memory;
    const better = this.#isBetter(score);
    if (better) memory.best = score;
    memory.bad = better ? 0 : memory.bad + 1;
    if (memory.rest > 0) {
      memory.rest--;
      memory.bad = 0;
    }
    if (memory.bad <= this.#options.patience) return;
    memory.bad = 0;
    memory.rest = this.#options.cooldown;
    super.step();
  }

  /** The best score is left out before the first: JSON has no infinity. */
  override stateDict(): ScheduleState {
    const { best, ...numbers } = this.#memory;
    return { ...super.stateDict(), numbers: Number.isFinite(best) ? { best, ...numbers } : numbers };
  }

  override loadStateDict(state: ScheduleState): void {
    const { best, bad, rest } = state.numbers ?? {};
    const op = 'ReduceLROnPlateau.loadStateDict';
    checkWhole(op, 'numbers.bad', bad, 0, FormatError);
    checkWhole(op, 'numbers.rest', rest, 0, FormatError);
    super.loadStateDict(state);
    this.#memory = { best: best ?? (this.#options.mode === 'min' ? Infinity : -Infinity), bad, rest };
  }

  #isBetter(score: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const { best } = this.#memory;
    const sign = mode === 'min' ? -1 : 1;
    // The first score is better than none: no share of infinity.
    const least = thresholdMode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === 'min' ? score < least : score > least;
  }
}
