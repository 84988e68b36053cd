import type { ConfusionCounts } from './confusion_counts.js';
import type { Metric } from './metric.js';
import { type AverageOptions, perClass } from './precision_recall.js';

/**
 * Intersection over union (Jaccard index) of where a class is and where it was seen: TP / (TP + FP + FN). Of masks, each
 * pixel is an example; `average: 'macro'` is the mean IoU of segmentation.
 *
 * Output: scores [n, c, …], classes [n, …], or with a threshold one score each; target: classes [n, …].
 *
 * @source lecture notes 000, line 1210; scikit-learn's jaccard_score
 */
export const iou = (options: AverageOptions = {}): Metric<ConfusionCounts> =>
  perClass('iou', options, ({ right, called, support }) => right / (called + support - right));

/**
 * Dice coefficient of where a class is and where it was seen: 2·TP / (2·TP + FP + FN); of classes it is F1.
 *
 * @source Dice 1945, "Measures of the amount of ecologic association between species"
 */
export const dice = (options: AverageOptions = {}): Metric<ConfusionCounts> =>
  perClass('dice', options, ({ right, called, support }) => (2 * right) / (called + support));
