import { checkArray, checkWhole } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { distribution, twoSidedNormal } from './distribution.js';
import type { TestResult } from './hypothesis.js';

/** Examples of two classifiers: rows whether the first is right or wrong, columns whether the second is. */
export type Contingency = readonly [readonly [number, number], readonly [number, number]];

export interface McNemarOptions {
  /** Of the binomial distribution instead of χ²; default where b + c < 25. */
  exact?: boolean;
  /** Take the continuity correction, 1, from |b − c|; of χ² only; default true. */
  correction?: boolean;
}

/**
 * McNemar's test: whether two classifiers err equally often on the same examples. Only those count of which one is right
 * and the other wrong: b and c in [[a, b], [c, d]].
 *
 *   χ² = (|b − c| − 1)² / (b + c), with 1 degree of freedom; without correction (b − c)² / (b + c)
 *   exact: p = 2 Σ C(n, i) / 2ⁿ over i = 0 … min(b, c), n = b + c, at most 1; the statistic is min(b, c)
 *
 *     mcnemar(contingency(targets, calledByOne, calledByTheOther)).pValue
 *
 * @returns  p 1 where the two never differ
 * @source McNemar 1947, doi:10.1007/BF02295996; Edwards 1948 (correction); lecture notes 004, lines 1740–1775
 */
export function mcnemar(counts: Contingency, options: McNemarOptions = {}): TestResult {
  checkArray('mcnemar', 'counts', counts);
  if (counts.length !== 2) throw new ValueError(`mcnemar: counts must be two rows of two; got ${counts.length}`);
  for (const row of counts) checkArray('mcnemar', 'a row of counts', row);
  const [[, b], [c]] = counts;
  checkWhole('mcnemar', 'b', b, 0);
  checkWhole('mcnemar', 'c', c, 0);
  const n = b + c;
  const { exact = n < 25, correction = true } = options;
  if (exact) {
    const statistic = Math.min(b, c);
    return { statistic, pValue: Math.min(1, 2 * distribution('mcnemar', 'binomial-cdf')(statistic, n, 0.5)) };
  }
  if (n === 0) return { statistic: 0, pValue: 1 };
  const root = Math.max(0, Math.abs(b - c) - Number(correction)) / Math.sqrt(n);
  // χ² with one degree of freedom is a squared normal number.
  return { statistic: root ** 2, pValue: twoSidedNormal('mcnemar', root) };
}

/** Counts on how many examples two classifiers are right, for `mcnemar`. */
export function contingency(
  targets: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Contingency {
  for (const [name, classes] of Object.entries({ targets, first, second })) checkArray('contingency', name, classes);
  if (first.length !== targets.length || second.length !== targets.length) {
    throw new ShapeError(
      `contingency: both must call the class of ${targets.length} examples; got ${first.length} and ${second.length}`,
    );
  }
  const counts: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < targets.length; i++) counts[Number(first[i] !== targets[i])][Number(second[i] !== targets[i])]++;
  return counts;
}
