import { checkNonNegative } from '../core/check.js';

/** What a checkpoint keeps of an average. */
export interface AverageState {
  total: number;
  count: number;
}

/**
 * A running mean, weighted by count: a metric of an epoch from those of its batches, of which the last may be smaller.
 *
 *     const loss = new Average();
 *     for (const [x, y] of loader) loss.add(step(x, y), x.shape[0]);
 *     console.log(loss.value);
 */
export class Average {
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

  state(): AverageState {
    return { total: this.#total, count: this.#count };
  }

  static from({ total, count }: AverageState): Average {
    const average = new Average();
    average.#total = total;
    average.#count = count;
    return average;
  }
}
