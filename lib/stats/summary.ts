import { checkArray } from '../core/check.js';
/** A sample in a few numbers. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n − 1 below the line; NaN of one value. */
  readonly deviation: number;
  /** Of the mean: deviation / √n. */
  readonly standardError: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Count, mean, standard deviation, standard error of the mean, and range: what is reported of several folds or seeds. NaN of
 * no values at all.
 *
 *   mean = Σ x / n        deviation = √(Σ (x − mean)² / (n − 1))        standardError = deviation / √n
 */
export function summarise(values: ArrayLike<number>): Summary {
  checkArray('summarise', 'values', values);
  const all = Array.from(values);
  const count = all.length;
  const mean = all.reduce((sum, x) => sum + x, 0) / count;
  const squares = all.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const deviation = count < 2 ? NaN : Math.sqrt(squares / (count - 1));
  const extreme = (of: (a: number, b: number) => number): number =>
    count === 0 ? NaN : all.reduce((a, b) => of(a, b));
  return {
    count,
    mean,
    deviation,
    standardError: deviation / Math.sqrt(count),
    least: extreme(Math.min),
    most: extreme(Math.max),
  };
}
