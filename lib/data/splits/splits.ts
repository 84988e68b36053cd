import { checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { randperm } from '../../ops/random/randperm.js';

/** Positions of the examples to learn from, and of those to test on. */
export interface Split {
  train: Int32Array;
  test: Int32Array;
}

/**
 * One split after another:
 *
 *     for (const { train, test } of kFold(150, 5)) …
 *
 * The random numbers are drawn when it is made, so that every loop over it gives the same splits; a split itself is made
 * when the loop comes to it.
 */
export interface Splits extends Iterable<Split> {
  /** How many splits there are. */
  readonly length: number;
}

export interface FoldOptions {
  /** Put the examples into folds at random; default false: in their order. */
  shuffle?: boolean;
  /** Where the order comes from, with `shuffle`; default: the one that `seed` restarts. */
  generator?: Generator;
}

/** Splits that are each made from their number. */
export const splitsOf = (length: number, at: (index: number) => Split): Splits => ({
  length,
  *[Symbol.iterator]() {
    for (let i = 0; i < length; i++) yield at(i);
  },
});

/** One split a fold: its examples are tested on, all others learnt from, both in ascending order. */
export function splitsOfFolds(folds: Int32Array, k: number): Splits {
  const positions = Int32Array.from(folds.keys());
  return splitsOf(k, (fold) => ({
    train: positions.filter((i) => folds[i] !== fold),
    test: positions.filter((i) => folds[i] === fold),
  }));
}

export function checkFolds(op: string, k: number, most: number, what: string): void {
  checkWhole(op, 'k', k, 2);
  if (k > most) throw new ValueError(`${op}: k must be at most the number of ${what}, ${most}; got ${k}`);
}

/** Positions 0 … n − 1 in their order, or shuffled. */
export function orderOf(op: string, n: number, { shuffle = false, generator }: FoldOptions): Int32Array {
  if (shuffle) return randperm(n, generator === undefined ? {} : { generator }).data();
  if (generator !== undefined) {
    throw new ValueError(`${op}: a generator is used with shuffle alone; got one without it; add shuffle: true`);
  }
  return Int32Array.from({ length: n }, (_, i) => i);
}
