import { given } from '../core/check.js';
import { type AverageState, mean } from './average.js';
import { type ClassOptions, readClasses } from './classes.js';
import { type Metric, metric, summed } from './metric.js';

const accuracyOf = (op: string, options: ClassOptions): Metric<AverageState> =>
  metric({
    better: 'higher',
    unit: 'share',
    count(output, target) {
      const { predicted, truth } = readClasses(op, output, target, options);
      let total = 0;
      for (let i = 0; i < truth.length; i++) if (predicted[i] === truth[i]) total++;
      return { total, count: truth.length };
    },
    merge: summed,
    score: mean,
  });

/**
 * The share of examples whose highest score is their label's: 0 … 1. Of equal scores the first counts.
 *
 *     accuracy(logits, labels);
 *
 * Output: scores [n, c, …], or classes [n, …]; target: classes [n, …].
 *
 * @throws ShapeError "accuracy: scores must be [n, c, …] with c ≥ 1, and target [n, …]; got [8, 10] and [7]"
 */
export const accuracy: Metric<AverageState> = accuracyOf('accuracy', {});

/** The share of examples whose one score is on their label's side of the threshold; default 0.5, for logits 0. */
export function binaryAccuracy(options: { threshold?: number } = {}): Metric<AverageState> {
  const { threshold = 0.5 } = given(options);
  return accuracyOf('binaryAccuracy', { threshold });
}
