import { checkPositive, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { ClassOptions } from './classes.js';
import { type ClassCounts, type ConfusionCounts, classCounts, confusionCounts } from './confusion_counts.js';
import { type Metric, metric } from './metric.js';

/** How classes become one number. */
export interface AverageOptions extends ClassOptions {
  /**
   * 'binary': of class 1 of two; 'micro': over the counts of all classes together; 'macro': the mean over the classes that
   * occur; 'weighted': that mean by how many examples are of a class. A class that nothing was called has precision 0, one
   * that nothing is of recall 0. Default 'binary', as in scikit-learn.
   */
  average?: 'binary' | 'micro' | 'macro' | 'weighted';
}

/** A metric of each class against the rest, averaged. */
export function perClass(
  op: string,
  averaged: AverageOptions,
  ratio: (counts: ClassCounts) => number,
): Metric<ConfusionCounts> {
  const { average = 'binary', ...options } = given(averaged);
  // A ratio of nothing is 0, as scikit-learn's zero_division.
  const value = (counts: ClassCounts): number => ratio(counts) || 0;
  return metric({
    better: 'higher',
    unit: 'share',
    ...confusionCounts(op, options),
    score(counts) {
      const classes = classCounts(counts);
      const sum = (of: (counts: ClassCounts) => number): number => classes.reduce((all, one) => all + of(one), 0);
      const examples = sum(({ support }) => support);
      if (examples === 0) return NaN;
      if (average === 'binary') {
        if (classes.length > 2) {
          throw new ValueError(
            `${op}: average 'binary' is of two classes; got ${classes.length}; give average 'micro', 'macro' or 'weighted'`,
          );
        }
        return classes.length < 2 ? 0 : value(classes[1]);
      }
      if (average === 'micro') {
        return value({ right: sum(({ right }) => right), called: examples, support: examples });
      }
      if (average === 'weighted') return sum((one) => one.support * value(one)) / examples;
      return sum(value) / sum(({ support, called }) => Number(support + called > 0));
    },
  });
}

/**
 * Of what was called a class, the part that is: TP / (TP + FP).
 *
 * Output: scores [n, c, …], classes [n, …], or with a threshold one score each; target: classes [n, …].
 *
 * @source scikit-learn's precision_score; lecture notes 000, lines 1162, 1176 (micro) and 1180 (macro)
 */
export const precision = (options: AverageOptions = {}): Metric<ConfusionCounts> =>
  perClass('precision', options, ({ right, called }) => right / called);

/**
 * Of what is a class, the part that was called so: TP / (TP + FN); sensitivity.
 *
 * @source scikit-learn's recall_score; lecture notes 000, line 1166
 */
export const recall = (options: AverageOptions = {}): Metric<ConfusionCounts> =>
  perClass('recall', options, ({ right, support }) => right / support);

/**
 * Weighted harmonic mean of precision and recall: (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP).
 *
 * @param options.beta  weight of recall; > 0
 * @source van Rijsbergen 1979, "Information retrieval", chapter 7; scikit-learn's fbeta_score
 */
export function fBeta(options: AverageOptions & { beta: number }): Metric<ConfusionCounts> {
  const { beta, ...averaged } = given(options);
  checkPositive('fBeta', 'beta', beta);
  return fScore('fBeta', beta, averaged);
}

/**
 * Harmonic mean of precision and recall: 2·TP / (2·TP + FN + FP).
 *
 * @source lecture notes 000, line 1170; scikit-learn's f1_score
 */
export const f1 = (options: AverageOptions = {}): Metric<ConfusionCounts> => fScore('f1', 1, options);

const fScore = (op: string, beta: number, options: AverageOptions): Metric<ConfusionCounts> =>
  perClass(op, options, ({ right, called, support }) => ((1 + beta ** 2) * right) / (beta ** 2 * support + called));
