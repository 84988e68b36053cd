import { type Measure, measure } from './metric.js';
import { roc } from './roc.js';
import { binaryScores, type Scored } from './scored.js';

/** A point for every threshold: examples with at least this score are called positive. */
export interface DetCurve {
  readonly falsePositiveRate: readonly number[];
  readonly falseNegativeRate: readonly number[];
  /** Rising. */
  readonly thresholds: readonly number[];
}

/**
 * Detection error trade-off: false negative against false positive rate, between the threshold that calls all positives
 * so and the one that calls no negative so.
 *
 * Output: scores [n], [n, 1], or [n, 2] of which the second counts; target: 0 or 1, [n].
 *
 * @source Martin et al. 1997, "The DET curve in assessment of detection task performance";
 *         lecture notes 004, line 1688; scikit-learn's det_curve
 */
export const detCurve: Measure<Scored, DetCurve> = measure({
  ...binaryScores('detCurve'),
  score(scored) {
    const { falsePositiveRate: fpr, truePositiveRate: tpr, thresholds } = roc(scored);
    const first = Math.max(1, fpr.lastIndexOf(0));
    const end = tpr.indexOf(1) + 1 || tpr.length;
    const of = <T>(values: readonly T[]): T[] => values.slice(first, Math.max(first + 1, end)).reverse();
    return {
      falsePositiveRate: of(fpr),
      falseNegativeRate: of(tpr).map((rate) => 1 - rate),
      thresholds: of(thresholds),
    };
  },
});
