import { checkNonNegative } from '../core/check.js';
import { checkNumbers } from './hypothesis.js';

/**
 * Ranks from 1 for the least value; equal ones share the average of their ranks.
 *
 *     ranks([0.2, 0.7, 0.2])       // [1.5, 3, 1.5]
 *
 * @param options.tolerance  neighbours no further apart are equal; ≥ 0; default 0
 * @source scipy's rankdata
 */
export function ranks(values: ArrayLike<number>, { tolerance = 0 }: { tolerance?: number } = {}): number[] {
  checkNonNegative('ranks', 'tolerance', tolerance);
  checkNumbers('ranks', values);
  const found = new Array<number>(values.length);
  for (const { places, rank } of ties(values, tolerance)) for (const place of places) found[place] = rank;
  return found;
}

/** Equal values and the rank that they share, from the least on. */
function ties(values: ArrayLike<number>, tolerance: number): { places: number[]; rank: number }[] {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const groups: { places: number[]; rank: number }[] = [];
  for (let begin = 0, end = 1; begin < order.length; begin = end, end++) {
    while (end < order.length && values[order[end]] - values[order[end - 1]] <= tolerance) end++;
    groups.push({ places: order.slice(begin, end), rank: (begin + end + 1) / 2 });
  }
  return groups;
}

/** Σ (t³ − t) over the groups of t equal ranks: how much smaller ties make their sum of squares, times 12. */
export function tieTerm(ranked: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const rank of ranked) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}
