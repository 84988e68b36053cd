import { given } from '../core/check.js';
import type { ClassOptions } from './classes.js';
import { type ClassCounts, type ConfusionCounts, classCounts, confusionCounts, total } from './confusion_counts.js';
import { type Metric, metric } from './metric.js';

/**
 * The mean recall of the classes that are there: accuracy as if all were equally frequent.
 *
 * @param options.adjusted  scaled so that chance is 0; default false
 * @source scikit-learn's balanced_accuracy_score
 */
export function balancedAccuracy(adjusting: ClassOptions & { adjusted?: boolean } = {}): Metric<ConfusionCounts> {
  const { adjusted = false, ...options } = given(adjusting);
  return metric({
    better: 'higher',
    unit: 'share',
    ...confusionCounts('balancedAccuracy', options),
    score(counts) {
      const there = classCounts(counts).filter(({ support }) => support > 0);
      const recall = there.reduce((sum, { right, support }) => sum + right / support, 0) / there.length;
      if (!adjusted) return recall;
      const chance = 1 / there.length;
      return (recall - chance) / (1 - chance);
    },
  });
}

/**
 * Cohen's κ: how far two labellings agree beyond what their frequencies give by chance, (p − pₑ) / (1 − pₑ).
 *
 * @param options.weights  what a disagreement by d classes counts: 1, d ('linear') or d² ('quadratic'); default 1
 * @source Cohen 1960, "A coefficient of agreement for nominal scales"; scikit-learn's cohen_kappa_score
 */
export function cohenKappa(
  weighting: ClassOptions & { weights?: 'linear' | 'quadratic' } = {},
): Metric<ConfusionCounts> {
  const { weights, ...options } = given(weighting);
  return metric({
    better: 'higher',
    unit: 'number',
    ...confusionCounts('cohenKappa', options),
    score(confusion) {
      const { classes, counts } = confusion;
      const margins = classCounts(confusion);
      const examples = total(confusion);
      let seen = 0;
      let expected = 0;
      counts.forEach((count, at) => {
        const [i, j] = [Math.floor(at / classes), at % classes];
        const d = Math.abs(i - j);
        const weight = weights === 'quadratic' ? d * d : weights === 'linear' ? d : Number(d > 0);
        seen += weight * count;
        expected += (weight * margins[i].support * margins[j].called) / examples;
      });
      return 1 - seen / expected;
    },
  });
}

/**
 * Matthews' correlation of true and predicted class, −1 … 1, for any number of classes; 0 where either is constant.
 *
 * @source Matthews 1975; Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation coefficient"
 */
export const matthews = (options: ClassOptions = {}): Metric<ConfusionCounts> =>
  metric({
    better: 'higher',
    unit: 'number',
    ...confusionCounts('matthews', options),
    score(counts) {
      const n = total(counts);
      if (n === 0) return NaN;
      const classes = classCounts(counts);
      const sum = (of: (one: ClassCounts) => number): number => classes.reduce((all, one) => all + of(one), 0);
      const covariance = n * sum(({ right }) => right) - sum(({ called, support }) => called * support);
      const spread = (n ** 2 - sum(({ called }) => called ** 2)) * (n ** 2 - sum(({ support }) => support ** 2));
      return spread === 0 ? 0 : covariance / Math.sqrt(spread);
    },
  });
