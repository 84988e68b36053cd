import { checkFunction, checkIterable, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { type Summary, summarise } from '../stats/summary.js';

/** Positions of examples to train with, and of others to test with. */
export interface Fold {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/** Numbers by name, as a Trainer's `evaluate` gives them. */
export type NamedScores<M extends string> = { readonly [name in M]: number };

export interface RepeatOptions<M extends string> {
  /** Ends it with an error, the signal's reason: the mean of some of the runs is not that of all. */
  signal?: AbortSignal;
  /** After every run; waited for. */
  progress?: (scores: NamedScores<M>, done: number) => void | Promise<void>;
}

/** Several runs of the same. */
export interface Repeated<M extends string> {
  /** Of each run. */
  readonly scores: readonly NamedScores<M>[];
  /** Mean, deviation, standard error and range of each score. */
  readonly summary: { readonly [name in M]: Summary };
}

/**
 * Trains and tests once for each fold.
 *
 *     const { summary } = await crossValidate(
 *       async ({ train, test }) => {
 *         const trainer = build();                                  // anew for each fold
 *         await trainer.fit(loader(subset(data, train)), { epochs: 5 });
 *         return trainer.evaluate(loader(subset(data, test)));
 *       },
 *       kFold(data.length, 5),
 *     );
 *     summary.accuracy.mean;
 *
 * Folds share training data, so that the standard error is too small by what they have in common.
 *
 * @param train  given the fold and its number, from 0
 * @source Stone 1974, "Cross-validatory choice and assessment of statistical predictions";
 *         lecture notes 004, lines 1855–1863
 */
export const crossValidate = <F extends Fold, M extends string>(
  train: (fold: F, index: number) => NamedScores<M> | Promise<NamedScores<M>>,
  folds: Iterable<F>,
  options: RepeatOptions<M> = {},
): Promise<Repeated<M>> => repeat('crossValidate', train, folds, options);

/**
 * Runs the same with several seeds: how much of a score is chance.
 *
 *     const { summary } = await overSeeds((seed) => accuracyOf(seed), 10);
 *
 * @param seeds  or how many: 0, 1, 2, …
 * @source lecture notes 004, line 2242 ("on more runs"); lecture notes 000, line 461
 */
export async function overSeeds<M extends string>(
  run: (seed: number) => NamedScores<M> | Promise<NamedScores<M>>,
  seeds: number | Iterable<number>,
  options: RepeatOptions<M> = {},
): Promise<Repeated<M>> {
  if (typeof seeds === 'number') checkWhole('overSeeds', 'seeds', seeds, 1);
  return repeat('overSeeds', run, typeof seeds === 'number' ? Array(seeds).keys() : seeds, options);
}

async function repeat<T, M extends string>(
  op: string,
  run: (of: T, index: number) => NamedScores<M> | Promise<NamedScores<M>>,
  all: Iterable<T>,
  { signal, progress }: RepeatOptions<M>,
): Promise<Repeated<M>> {
  checkFunction(op, 'what runs', run);
  checkIterable(op, op === 'overSeeds' ? 'seeds' : 'folds', all);
  const scores: NamedScores<M>[] = [];
  for (const one of all) {
    signal?.throwIfAborted();
    const found = await run(one, scores.length);
    signal?.throwIfAborted();
    scores.push(found);
    const [names, first] = [found, scores[0]].map((some) => Object.keys(some).sort().join(', '));
    if (names !== first) throw new ValueError(`${op}: every run must give the same scores; got ${first} and ${names}`);
    await progress?.(found, scores.length);
  }
  if (scores.length === 0) throw new ValueError(`${op}: there must be at least one run; got none`);
  const names = Object.keys(scores[0]) as M[];
  const summaries = names.map((name) => [name, summarise(scores.map((run) => run[name]))]);
  return { scores, summary: Object.fromEntries(summaries) as { [name in M]: Summary } };
}
