import { checkArray, checkObject, checkOneOf, checkWhole } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { checkNumbers } from './hypothesis.js';
import { ranks, tieTerm } from './ranks.js';

/** How methods rank over several data sets; of published ranks `ranks` and `count` alone. */
export interface AverageRanks {
  /** Of each method: from 1, which is the best on every data set, to the number of methods. */
  readonly ranks: readonly number[];
  /** Data sets. */
  readonly count: number;
  /** Σ (t³ − t) over the groups of t methods that tie on a data set; default 0. */
  readonly ties?: number;
}

/**
 * Ranks methods on every data set, the best one 1, ties averaged, and takes the means: what `friedman` and the tests after
 * it compare.
 *
 *     averageRanks([
 *       [0.763, 0.768, 0.771, 0.798],        // a data set: the score of each method
 *       [0.599, 0.591, 0.590, 0.569],
 *     ]).ranks                               // [2.5, 2.5, 2.5, 2.5]
 *
 * @param scores          a row for each data set, a column for each method; at least two of each
 * @param options.better  'higher' for an accuracy, 'lower' for a loss; default 'higher'
 * @source Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", section 3.2.2;
 *         lecture notes 004, lines 1956–1999
 */
export function averageRanks(
  scores: readonly ArrayLike<number>[],
  { better = 'higher' }: { better?: 'higher' | 'lower' } = {},
): Required<AverageRanks> {
  checkArray('averageRanks', 'scores', scores);
  checkOneOf('averageRanks', 'better', better, ['higher', 'lower']);
  const methods = scores[0]?.length ?? 0;
  const row = scores.findIndex(({ length }) => length !== methods);
  if (scores.length < 2 || methods < 2 || row >= 0) {
    const got =
      row >= 0 ? `${scores[row].length} of ${methods} methods in row ${row}` : `${scores.length} × ${methods}`;
    throw new ShapeError(
      `averageRanks: at least two data sets with a score of each of two or more methods; got ${got}`,
    );
  }
  const sign = better === 'higher' ? -1 : 1;
  const ranked = scores.map((row) => {
    checkNumbers('averageRanks', row);
    return ranks(Array.from(row, (score) => sign * score));
  });
  return {
    ranks: ranked[0].map((_, j) => ranked.reduce((sum, row) => sum + row[j], 0) / scores.length),
    count: scores.length,
    ties: ranked.reduce((sum, row) => sum + tieTerm(row), 0),
  };
}

/** The number of methods k, and √(k (k + 1) / 6N), the standard error of the difference of two average ranks. */
export function rankSpread(op: string, averages: AverageRanks): { methods: number; standardError: number } {
  checkObject(op, 'the average ranks', averages, ['ranks', 'count']);
  const { ranks, count } = averages;
  checkWhole(op, 'count', count, 2);
  const methods = ranks.length;
  if (methods < 2) throw new ShapeError(`${op}: at least two methods are compared; got ${methods}`);
  checkNumbers(op, ranks);
  return { methods, standardError: Math.sqrt((methods * (methods + 1)) / (6 * count)) };
}
