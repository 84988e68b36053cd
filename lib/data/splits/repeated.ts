import { checkWhole } from '../../core/check.js';
import type { Split, Splits } from './splits.js';

/**
 * Cross-validation several times over, each time with other parts:
 *
 *     const generator = new Generator(1);
 *     repeated(10, () => stratifiedKFold(labels, 5, { shuffle: true, generator }))     // 50 splits
 *
 * @param times  whole, ≥ 1
 * @param make   makes the splits of one time; called `times` times at once
 */
export function repeated(times: number, make: (time: number) => Iterable<Split>): Splits {
  checkWhole('repeated', 'times', times, 1);
  const rounds = Array.from({ length: times }, (_, time) => make(time));
  const lengthOf = (round: Iterable<Split>): number => ('length' in round ? Number(round.length) : [...round].length);
  return {
    length: rounds.reduce((sum, round) => sum + lengthOf(round), 0),
    *[Symbol.iterator]() {
      for (const round of rounds) yield* round;
    },
  };
}
