import { checkNonNegative, checkWhole } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import { everyStep } from '../../core/recording.js';
import type { Optimizer } from '../optimizer.js';

/** What a checkpoint keeps of a schedule. */
export interface ScheduleState {
  /** Calls of `step` so far. */
  step: number;
  /** The groups' learning rates before the schedule changed them. */
  baseLrs: number[];
}

/**
 * Sets an optimiser's learning rates as a function of how often `step` was called, once an epoch or once a batch, after
 * the optimiser's own step. The rate is computed from the base rate, not from the last one: a resumed run has the same
 * bits, and a rate that was set by hand in between is overwritten.
 */
export abstract class Schedule {
  readonly #name: string;
  readonly #optimizer: Optimizer;
  readonly #rate: (baseLr: number, step: number) => number;
  #step = 0;
  #baseLrs: number[];

  /** @param rate  the learning rate after `step` calls, for a group that began with `baseLr` */
  constructor(name: string, optimizer: Optimizer, rate: (baseLr: number, step: number) => number) {
    this.#name = name;
    this.#optimizer = optimizer;
    this.#rate = rate;
    this.#baseLrs = optimizer.groups.map(({ lr }) => lr);
    this.#apply();
  }

  /** Goes on by one and sets the learning rates. */
  step(): void {
    everyStep(() => {
      this.#step++;
      this.#apply();
    });
  }

  /** The learning rates that the last step set, one a group. */
  get lastLr(): number[] {
    return this.#baseLrs.map((baseLr) => this.#rate(baseLr, this.#step));
  }

  /** What a checkpoint must keep to go on. */
  stateDict(): ScheduleState {
    return { step: this.#step, baseLrs: [...this.#baseLrs] };
  }

  /** Goes on where a schedule of the same kind and options was saved, and sets the learning rates. */
  loadStateDict({ step, baseLrs }: ScheduleState): void {
    const op = `${this.#name}.loadStateDict`;
    checkWhole(op, 'step', step, 0, FormatError);
    if (baseLrs.length !== this.#baseLrs.length) {
      throw new FormatError(
        `${op}: the optimiser has ${this.#baseLrs.length} groups, the state ${baseLrs.length}; build it with the same groups`,
      );
    }
    for (const baseLr of baseLrs) checkNonNegative(op, 'baseLrs', baseLr);
    this.#step = step;
    this.#baseLrs = [...baseLrs];
    this.#apply();
  }

  #apply(): void {
    this.lastLr.forEach((lr, i) => {
      this.#optimizer.groups[i].lr = lr;
    });
  }
}
