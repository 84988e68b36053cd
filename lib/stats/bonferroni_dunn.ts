import { checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { type AverageRanks, rankSpread } from './average_ranks.js';
import { normalQuantile, twoSidedNormal } from './distribution.js';
import { checkLevel, type LevelOptions, type TestResult } from './hypothesis.js';

export interface BonferroniDunnOptions extends LevelOptions {
  /** The method that all others are compared with; its place; default 0. */
  control?: number;
}

/** A method against the control. */
export interface ControlComparison extends TestResult {
  readonly method: number;
  /** p times the number of comparisons, at most 1. */
  readonly adjusted: number;
  /** Whether the average ranks differ by the critical difference or more. */
  readonly differ: boolean;
}

export interface BonferroniDunn {
  /** The critical difference: average ranks that are this far apart differ significantly. */
  readonly cd: number;
  /** Of each method but the control, in their order; `holm` and `hochberg` take their p values. */
  readonly comparisons: readonly ControlComparison[];
}

/**
 * The test of Bonferroni and Dunn, after a Friedman test: which methods differ from one of them. It makes k − 1 comparisons
 * where `nemenyi` makes k (k − 1) / 2, and finds more.
 *
 *   z = (R₀ − Rᵢ) / √(k (k + 1) / 6N), the statistic, > 0 where the method is better; p of the normal distribution
 *   CD = z_{1 − α / (2 (k − 1))} · √(k (k + 1) / 6N)
 *
 *     holm(bonferroniDunn(averages).comparisons.map(({ pValue }) => pValue));
 *
 * @source Dunn 1961, doi:10.1080/01621459.1961.10482090; lecture notes 004, lines 2056–2080 and 2096–2106
 */
export function bonferroniDunn(
  averages: AverageRanks,
  { control = 0, alpha = 0.05 }: BonferroniDunnOptions = {},
): BonferroniDunn {
  checkLevel('bonferroniDunn', alpha);
  const { methods, standardError } = rankSpread('bonferroniDunn', averages);
  checkWhole('bonferroniDunn', 'control', control, 0);
  if (control >= methods) {
    throw new ValueError(`bonferroniDunn: control must be within 0 … ${methods - 1}, the methods; got ${control}`);
  }
  const critical = -normalQuantile('bonferroniDunn', alpha / (2 * (methods - 1)));
  const comparisons = averages.ranks.flatMap((rank, method): ControlComparison[] => {
    if (method === control) return [];
    const statistic = (averages.ranks[control] - rank) / standardError;
    const pValue = twoSidedNormal('bonferroniDunn', statistic);
    const adjusted = Math.min(1, (methods - 1) * pValue);
    return [{ method, statistic, pValue, adjusted, differ: Math.abs(statistic) >= critical }];
  });
  return { cd: critical * standardError, comparisons };
}
