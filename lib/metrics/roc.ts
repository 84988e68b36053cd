import { given } from '../core/check.js';
import { type Measure, measure } from './metric.js';
import { binaryScores, type Scored, thresholdsOf } from './scored.js';

/** A point for every threshold: examples with at least this score are called positive. NaN where there are none of a kind. */
export interface RocCurve {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  /** Falling; the first, Infinity, calls nothing positive. */
  readonly thresholds: readonly number[];
}

/**
 * Receiver operating characteristic: true against false positive rate, from (0, 0) to (1, 1).
 *
 * Output: scores [n], [n, 1], or [n, 2] of which the second counts; target: 0 or 1, [n].
 *
 * @param options.dropIntermediate  leave out points on a straight line between others; default true
 * @source lecture notes 000, line 1189; scikit-learn's roc_curve
 */
export function rocCurve(options: { dropIntermediate?: boolean } = {}): Measure<Scored, RocCurve> {
  const { dropIntermediate = true } = given(options);
  return measure({ ...binaryScores('rocCurve'), score: (scored) => roc(scored, dropIntermediate) });
}

export function roc(scored: Scored, dropIntermediate = false): RocCurve {
  const { thresholds, truePositives: tp, falsePositives: fp } = thresholdsOf(scored);
  const last = thresholds.length - 1;
  const kept = [...thresholds.keys()].filter(
    (i) =>
      !dropIntermediate ||
      i === 0 ||
      i === last ||
      fp[i + 1] - 2 * fp[i] + fp[i - 1] !== 0 ||
      tp[i + 1] - 2 * tp[i] + tp[i - 1] !== 0,
  );
  const rate = (counts: Float64Array): number[] => [0, ...kept.map((i) => counts[i])].map((n) => n / counts[last]);
  return {
    falsePositiveRate: rate(fp),
    truePositiveRate: rate(tp),
    thresholds: [Infinity, ...kept.map((i) => thresholds[i])],
  };
}
