import { type AverageRanks, rankSpread } from './average_ranks.js';
import { distribution } from './distribution.js';
import { checkLevel, type LevelOptions, type TestResult } from './hypothesis.js';

/** Two methods against each other. */
export interface PairComparison extends TestResult {
  readonly methods: readonly [number, number];
  /** Whether their average ranks differ by the critical difference or more. */
  readonly differ: boolean;
}

export interface Nemenyi {
  /** The critical difference: average ranks that are this far apart differ significantly. */
  readonly cd: number;
  /** All k (k − 1) / 2 pairs. */
  readonly comparisons: readonly PairComparison[];
}

/**
 * Nemenyi's test, after a Friedman test that finds a difference: which methods differ from which.
 *
 *   CD = q_α / √2 · √(k (k + 1) / 6N), q_α of the studentised range of k with infinite degrees of freedom
 *   z = (Rᵢ − Rⱼ) / √(k (k + 1) / 6N), the statistic; p of the same range, so it holds for all pairs together
 *
 * @source Nemenyi 1963, "Distribution-free multiple comparisons"; lecture notes 004, lines 2048–2054 and 2092–2094
 */
export function nemenyi(averages: AverageRanks, { alpha = 0.05 }: LevelOptions = {}): Nemenyi {
  checkLevel('nemenyi', alpha);
  const { methods, standardError } = rankSpread('nemenyi', averages);
  const range = distribution('nemenyi', 'studentized-range-cdf');
  const critical = distribution('nemenyi', 'studentized-range-quantile')(1 - alpha, methods, Infinity) / Math.SQRT2;
  const places = [...averages.ranks.keys()];
  const comparisons = places.flatMap((i) =>
    places.slice(i + 1).map((j): PairComparison => {
      const statistic = (averages.ranks[i] - averages.ranks[j]) / standardError;
      const size = Math.abs(statistic);
      const pValue = Math.max(0, 1 - range(size * Math.SQRT2, methods, Infinity));
      return { methods: [i, j], statistic, pValue, differ: size >= critical };
    }),
  );
  return { cd: critical * standardError, comparisons };
}
