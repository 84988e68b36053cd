import type { AverageRanks } from './average_ranks.js';
import type { LevelOptions } from './hypothesis.js';
import { nemenyi } from './nemenyi.js';

/** What a critical-difference diagram shows. */
export interface CriticalDifference {
  /** The average rank of each method, as given. */
  readonly ranks: readonly number[];
  readonly cd: number;
  /** The methods, the best first. */
  readonly order: readonly number[];
  /**
   * Methods of which no two differ significantly, the best first: all such groups of two or more that are not within a
   * larger one. A method may be in several; the data do not tell to which it belongs.
   */
  readonly groups: readonly (readonly number[])[];
}

/**
 * The critical-difference diagram's data: methods by their average rank, and which of them are connected, as Nemenyi's test
 * does not tell them apart.
 *
 *     const { order, groups } = criticalDifference(averageRanks(scores), { alpha: 0.1 });
 *
 * @source Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", section 3.2.4;
 *         lecture notes 004, line 2094
 */
export function criticalDifference(averages: AverageRanks, options: LevelOptions = {}): CriticalDifference {
  const { cd } = nemenyi(averages, options);
  const { ranks } = averages;
  const order = [...ranks.keys()].sort((i, j) => ranks[i] - ranks[j]);
  const groups: number[][] = [];
  let last = 0;
  order.forEach((first, begin) => {
    let end = begin;
    while (end < order.length && ranks[order[end]] - ranks[first] < cd) end++;
    if (end > last && end - begin > 1) groups.push(order.slice(begin, end));
    last = end;
  });
  return { ranks, cd, order, groups };
}
