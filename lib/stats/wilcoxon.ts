import { checkOneOf } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { distribution, twoSidedNormal } from './distribution.js';
import { differences, type TestResult } from './hypothesis.js';
import { ranks, tieTerm } from './ranks.js';

export interface WilcoxonOptions {
  /**
   * Pairs without a difference are left out ('drop', Wilcoxon's way and scipy's), or ranked, and their ranks split evenly
   * between both sums, of an odd number of them but one ('split'). Default 'drop'.
   */
  zeros?: 'drop' | 'split';
  /** p of the exact distribution, which is that without ties and zeros; default there, for up to 50 pairs. */
  exact?: boolean;
  /** Take into account that tied ranks vary less, in z; default true. */
  tieCorrection?: boolean;
}

export interface Wilcoxon extends TestResult {
  /** Sum of ranks where the first score is the higher one, R⁺. */
  readonly positive: number;
  /** Sum of ranks where the second one is, R⁻. */
  readonly negative: number;
  /** Pairs that were ranked. */
  readonly count: number;
  /** (statistic − its mean) / its standard deviation: at most 0, and nearly normal for many pairs. */
  readonly z: number;
}

/**
 * Wilcoxon's signed-rank test of pairs, two-sided: whether first − second lies symmetrically about 0. Unlike `pairedT` it
 * counts how large differences are among each other only. NaN where no pair is ranked.
 *
 *   T = min(R⁺, R⁻), the statistic; R⁺ = Σ rank |d| over d > 0
 *   z = (T − n (n + 1) / 4) / √(n (n + 1) (2n + 1) / 24 − Σ (t³ − t) / 48), t the sizes of groups of equal |d|
 *
 * Differences that agree within the rounding errors of the scores count as equal.
 *
 * @throws ValueError "wilcoxon: the exact distribution knows no ties and no zeros; got 14 pairs with some; leave exact out"
 * @source Wilcoxon 1945, doi:10.2307/3001968; lecture notes 004, lines 1888–1926 (zeros: 'split', tieCorrection: false)
 */
export function wilcoxon(first: ArrayLike<number>, second: ArrayLike<number>, options: WilcoxonOptions = {}): Wilcoxon {
  const { zeros = 'drop', tieCorrection = true } = options;
  checkOneOf('wilcoxon', 'zeros', zeros, ['drop', 'split']);
  const all = differences('wilcoxon', first, second);
  const largest = all.reduce((most, _, i) => Math.max(most, Math.abs(first[i]), Math.abs(second[i])), 0);
  // A score is off by half an ε, a difference by two halves and its own: 0.936 − 0.931 is not 0.768 − 0.763.
  const tolerance = 4 * Number.EPSILON * largest;
  const apart = all.filter((d) => Math.abs(d) > tolerance);
  const equal = all.length - apart.length;
  const kept = zeros === 'drop' ? apart : [...apart, ...new Array<number>(equal - (equal % 2)).fill(0)];

  const count = kept.length;
  const sizes = ranks(
    kept.map((d) => Math.abs(d)),
    { tolerance },
  );
  const tied = tieTerm(sizes);
  const sum = (weight: (d: number) => number): number => kept.reduce((total, d, i) => total + weight(d) * sizes[i], 0);
  const positive = sum((d) => (1 + Math.sign(d)) / 2);
  const negative = sum((d) => (1 - Math.sign(d)) / 2);
  const statistic = Math.min(positive, negative);
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - (tieCorrection ? tied / 48 : 0);
  const z = (statistic - (count * (count + 1)) / 4) / Math.sqrt(variance);

  const plain = tied === 0 && equal === 0;
  const { exact = plain && count <= 50 } = options;
  if (exact && !plain) {
    throw new ValueError(
      `wilcoxon: the exact distribution knows no ties and no zeros; got ${all.length} pairs with some; leave exact out`,
    );
  }
  const pValue = exact
    ? Math.min(1, 2 * distribution('wilcoxon', 'signrank-cdf')(statistic, count))
    : twoSidedNormal('wilcoxon', z);
  return { statistic, pValue, positive, negative, count, z };
}
