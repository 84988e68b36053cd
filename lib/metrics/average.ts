import { checkNonNegative } from '../core/check.js';
import type { Stateful } from '../core/state.js';
import { type Measurement, summed } from './metric.js';

/** A sum and how many it is of. */
export interface AverageState {
  readonly [name: string]: number;
  readonly total: number;
  readonly count: number;
}

/**
 * A running mean, weighted by count: of a loss over batches, of which the last may be smaller.
 *
 *     const loss = new Average();
 *     for (const [x, y] of loader) loss.add(step(x, y), x.shape[0]);
 *     console.log(loss.value);
 */
export class Average implements Stateful<AverageState> {
  #total = 0;
  #count = 0;

  /**
   * @param value  the mean over `count` examples
   * @param count  finite, ≥ 0; default 1
   */
  add(value: number, count = 1): void {
    checkNonNegative('Average.add', 'count', count);
    this.#total += value * count;
    this.#count += count;
  }

  /** The mean so far; NaN of nothing. */
  get value(): number {
    return this.#total / this.#count;
  }

  get count(): number {
    return this.#count;
  }

  stateDict(): AverageState {
    return { total: this.#total, count: this.#count };
  }

  loadStateDict({ total, count }: AverageState): void {
    this.#total = total;
    this.#count = count;
  }
}

/** A function of one batch as a measurement: the mean of its values, weighted by `countOf` the target. */
export const averaged = <O, T>(
  of: (output: O, target: T) => number,
  countOf: (target: T) => number,
): Measurement<AverageState, number, O, T> => ({
  count(output, target) {
    const count = countOf(target);
    return { total: of(output, target) * count, count };
  },
  merge: summed,
  score: mean,
});

export const mean = ({ total, count }: AverageState): number => total / count;
