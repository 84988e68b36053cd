import { type Measure, type Metric, measure, metric } from './metric.js';
import {
  against,
  binaryScores,
  type ClassScored,
  classScored,
  numbersOf,
  type Scored,
  thresholdsOf,
} from './scored.js';

/** A point for every threshold, and the end (recall 0, precision 1), which has none. */
export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** Rising; one fewer than points. */
  readonly thresholds: readonly number[];
}

/**
 * Precision and recall where examples with at least a threshold's score are called positive.
 *
 * Output: scores [n], [n, 1], or [n, 2] of which the second counts; target: 0 or 1, [n].
 *
 * @source lecture notes 000, line 1212; scikit-learn's precision_recall_curve
 */
export const precisionRecallCurve: Measure<Scored, PrecisionRecallCurve> = measure({
  ...binaryScores('precisionRecallCurve'),
  score: curve,
});

function curve(scored: Scored): PrecisionRecallCurve {
  const { thresholds, truePositives, falsePositives: fp } = thresholdsOf(scored);
  const tp = numbersOf(truePositives);
  const positives = tp[tp.length - 1];
  // Without any positive the recall is 1, as in scikit-learn.
  const recall = tp.map((n) => (positives === 0 ? 1 : n / positives));
  return {
    precision: [...tp.map((n, i) => n / (n + fp[i])).reverse(), 1],
    recall: [...recall.reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/**
 * Average precision: Σ (Rᵢ − Rᵢ₋₁) · Pᵢ over falling thresholds, the area under the curve of precision and recall without
 * interpolation. Of more than two classes the mean of each against the rest.
 *
 * Output: scores [n], [n, 1] or [n, 2] of class 1 for targets 0 or 1 [n]; scores [n, c] for classes [n].
 *
 * @source lecture notes 000, line 1212; lecture notes 004, lines 1779–1790; scikit-learn's average_precision_score
 */
export const averagePrecision: Metric<ClassScored> = metric({
  better: 'higher',
  unit: 'share',
  ...classScored('averagePrecision'),
  score(scored) {
    const { classes, scores, labels } = scored;
    if (labels.length === 0) return NaN;
    if (classes === 1) return precisionOf({ scores, positive: labels });
    if (classes === 2) return precisionOf(against(scored, 1));
    const each = Array.from({ length: classes }, (_, k) => precisionOf(against(scored, k)));
    return each.reduce((sum, one) => sum + one, 0) / classes;
  },
});

/** 0 without any positive. */
function precisionOf(scored: Scored): number {
  if (!scored.positive.includes(1)) return 0;
  const { truePositives: tp, falsePositives: fp } = thresholdsOf(scored);
  const positives = tp[tp.length - 1];
  let sum = 0;
  for (let i = tp.length - 1; i >= 0; i--) {
    const below = i === 0 ? 0 : tp[i - 1] / positives;
    sum += (tp[i] / (tp[i] + fp[i])) * (tp[i] / positives - below);
  }
  return sum;
}
