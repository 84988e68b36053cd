import { checkFunction, checkIterable, checkWhole } from '../core/check.js';
import { type NamedScores, overSeeds, type Repeated, type RepeatOptions } from '../search/repeat.js';

export interface LearningCurveOptions<M extends string> extends RepeatOptions<M> {
  /** Runs for each size, or their seeds; default 1. */
  seeds?: number | readonly number[];
}

/** A point of the curve. */
export interface LearningPoint<M extends string> extends Repeated<M> {
  /** Examples that were trained with. */
  readonly count: number;
}

/**
 * Scores against the number of training examples. Where those of held-out data still rise at its end, more data help; where
 * they have met those of the training data, another model does.
 *
 *     const curve = await learningCurve(
 *       async (count, seed) => ({ train: …, validation: … }),
 *       [100, 200, 400, 800],
 *       { seeds: 3 },
 *     );
 *     curve.map(({ count, summary }) => [count, summary.validation.mean]);
 *
 * @param train   given how many examples to train with, and a seed
 * @param counts  whole, ≥ 1
 * @source Cortes et al. 1993, "Learning curves: asymptotic values and rate of convergence"
 */
export async function learningCurve<M extends string>(
  train: (count: number, seed: number) => NamedScores<M> | Promise<NamedScores<M>>,
  counts: Iterable<number>,
  { seeds = 1, ...options }: LearningCurveOptions<M> = {},
): Promise<LearningPoint<M>[]> {
  checkFunction('learningCurve', 'train', train);
  checkIterable('learningCurve', 'counts', counts);
  const points: LearningPoint<M>[] = [];
  for (const count of counts) {
    checkWhole('learningCurve', 'a count', count, 1);
    points.push({ count, ...(await overSeeds((seed) => train(count, seed), seeds, options)) });
  }
  return points;
}
