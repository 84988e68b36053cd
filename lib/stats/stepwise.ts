import { checkArray, checkFraction } from '../core/check.js';
import { checkLevel, type LevelOptions } from './hypothesis.js';

/** A p value among others. */
export interface Correction {
  readonly pValue: number;
  /** What p is compared with: alpha over the number of hypotheses that are still open. */
  readonly threshold: number;
  /** The least alpha at which the hypothesis is rejected. */
  readonly adjusted: number;
  readonly rejected: boolean;
}

/**
 * Holm's step-down procedure: which of several hypotheses to reject, so that one that holds is rejected with probability
 * alpha at most. From the smallest p on, the i-th of m is compared with alpha / (m − i + 1), until one is not below.
 *
 *   adjusted pᵢ = max over j ≤ i of min(1, (m − j + 1) pⱼ)
 *
 * @returns  of each hypothesis, in the order given
 * @source Holm 1979, "A simple sequentially rejective multiple test procedure";
 *         lecture notes 004, lines 2082 and 2098–2126
 */
export const holm = (pValues: ArrayLike<number>, options: LevelOptions = {}): Correction[] =>
  stepwise('holm', pValues, options, (adjusted) => {
    for (let i = 1; i < adjusted.length; i++) adjusted[i] = Math.max(adjusted[i], adjusted[i - 1]);
  });

/**
 * Hochberg's step-up procedure: compares as `holm` does, but from the largest p on, until one is below its threshold; that
 * hypothesis and all with smaller p are rejected. It rejects what Holm's does, and sometimes more, where the tests are
 * independent.
 *
 *   adjusted pᵢ = min over j ≥ i of (m − j + 1) pⱼ
 *
 * @returns  of each hypothesis, in the order given
 * @source Hochberg 1988, doi:10.1093/biomet/75.4.800; lecture notes 004, line 2082
 */
export const hochberg = (pValues: ArrayLike<number>, options: LevelOptions = {}): Correction[] =>
  stepwise('hochberg', pValues, options, (adjusted) => {
    for (let i = adjusted.length - 2; i >= 0; i--) adjusted[i] = Math.min(adjusted[i], adjusted[i + 1]);
  });

/** @param settle  makes (m − i + 1) pᵢ, in ascending order of p, what is compared with alpha; in place */
function stepwise(
  op: string,
  pValues: ArrayLike<number>,
  { alpha = 0.05 }: LevelOptions,
  settle: (adjusted: number[]) => void,
): Correction[] {
  checkLevel(op, alpha);
  checkArray(op, 'pValues', pValues);
  const given = Array.from(pValues);
  for (const p of given) checkFraction(op, 'a p value', p);
  const m = given.length;
  const order = [...given.keys()].sort((i, j) => given[i] - given[j]);
  const adjusted = order.map((place, i) => (m - i) * given[place]);
  settle(adjusted);
  const corrections = new Array<Correction>(m);
  order.forEach((place, i) => {
    corrections[place] = {
      pValue: given[place],
      threshold: alpha / (m - i),
      adjusted: Math.min(1, adjusted[i]),
      rejected: adjusted[i] <= alpha,
    };
  });
  return corrections;
}
