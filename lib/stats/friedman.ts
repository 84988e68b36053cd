import { type AverageRanks, rankSpread } from './average_ranks.js';
import { distribution } from './distribution.js';
import type { TestResult } from './hypothesis.js';

export interface FriedmanOptions {
  /** Divide by 1 − Σ (t³ − t) / (N (k³ − k)), as tied ranks vary less; default true. */
  tieCorrection?: boolean;
}

export interface Friedman extends TestResult {
  readonly degreesOfFreedom: number;
}

export interface ImanDavenport extends TestResult {
  /** Above and below the line. */
  readonly degreesOfFreedom: readonly [number, number];
}

/**
 * Friedman's test: whether k methods rank alike over N data sets. For about N > 10 and k > 5; `imanDavenport` is less
 * conservative.
 *
 *   χ²_F = 12 N / (k (k + 1)) · (Σ Rⱼ² − k (k + 1)² / 4), with k − 1 degrees of freedom
 *
 *     friedman(averageRanks(scores)).pValue
 *
 * @returns  NaN where all methods tie on all data sets
 * @source Friedman 1937, doi:10.1080/01621459.1937.10503522;
 *         lecture notes 004, lines 1956–1964 (without tie correction); scipy's friedmanchisquare (with it)
 */
export function friedman(averages: AverageRanks, options: FriedmanOptions = {}): Friedman {
  const statistic = chiSquared('friedman', averages, options);
  const degreesOfFreedom = averages.ranks.length - 1;
  return {
    statistic,
    pValue: 1 - distribution('friedman', 'chisquare-cdf')(statistic, degreesOfFreedom),
    degreesOfFreedom,
  };
}

/**
 * Iman's and Davenport's test: Friedman's, with a statistic that follows its distribution more closely.
 *
 *   F_F = (N − 1) χ²_F / (N (k − 1) − χ²_F), with k − 1 and (k − 1)(N − 1) degrees of freedom
 *
 * @source Iman, Davenport 1980, doi:10.1080/03610928008827904; lecture notes 004, lines 1966–1980
 */
export function imanDavenport(averages: AverageRanks, options: FriedmanOptions = {}): ImanDavenport {
  const chi2 = chiSquared('imanDavenport', averages, options);
  const { count } = averages;
  const above = averages.ranks.length - 1;
  const below = above * (count - 1);
  const statistic = ((count - 1) * chi2) / (count * above - chi2);
  // P(F ≥ f) = P(1 / F ≤ 1 / f), whose distribution has its degrees of freedom exchanged.
  const pValue = distribution('imanDavenport', 'f-cdf')(1 / statistic, below, above);
  return { statistic, pValue, degreesOfFreedom: [above, below] };
}

function chiSquared(op: string, averages: AverageRanks, { tieCorrection = true }: FriedmanOptions): number {
  const { methods: k } = rankSpread(op, averages);
  const { ranks, count, ties = 0 } = averages;
  const squares = ranks.reduce((sum, rank) => sum + rank ** 2, 0);
  const chi2 = ((12 * count) / (k * (k + 1))) * (squares - (k * (k + 1) ** 2) / 4);
  return chi2 / (tieCorrection ? 1 - ties / (count * (k ** 3 - k)) : 1);
}
