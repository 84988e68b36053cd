import { checkObject, given } from '../core/check.js';
import { type ClassOptions, checkClass } from './classes.js';
import { type ConfusionCounts, classCounts, confusionCounts } from './confusion_counts.js';
import { type Measure, measure } from './metric.js';

/** How often each class was taken for each: a row and a column a class. */
export interface ConfusionMatrix {
  readonly counts: Int32Array;
  readonly classes: number;
  /** What a row is: a true class, whose examples it spreads over the predicted ones, or a predicted one. */
  readonly rows: 'truth' | 'predicted';
}

export interface ConfusionMatrixOptions extends ClassOptions {
  /**
   * What a row is; default 'truth', as in scikit-learn and in lecture notes 004, line 1590.
   * 'predicted' is that of lecture notes 000, line 1138, and lecture notes 004, line 1623.
   */
  rows?: ConfusionMatrix['rows'];
}

/** What a confusion matrix says about one class; NaN where nothing was of that class or called so. */
export interface ClassScores {
  /** Of what was called this class, the part that is. */
  readonly precision: number;
  /** Of what is this class, the part that was called so. */
  readonly recall: number;
  /** Harmonic mean of the two: 2·TP / (2·TP + FP + FN). */
  readonly f1: number;
  /** How many examples are of this class. */
  readonly support: number;
}

/**
 * Counts pairs of true and predicted class.
 *
 *     const matrix = confusionMatrix({ classes: 10 })(answers, labels);
 *
 * Output: scores [n, c, …], or classes [n, …]; target: classes [n, …].
 *
 * @throws ValueError  "confusionMatrix: a class must be a whole number from 0 to 9; output[3] is 10"
 */
export function confusionMatrix(options: ConfusionMatrixOptions = {}): Measure<ConfusionCounts, ConfusionMatrix> {
  const { rows = 'truth', ...classOptions } = given(options);
  return measure({
    ...confusionCounts('confusionMatrix', classOptions),
    score({ classes, counts }) {
      const kept = Int32Array.from(counts);
      return { counts: rows === 'truth' ? kept : transposed(kept, classes), classes, rows };
    },
  });
}

const transposed = (counts: Int32Array, classes: number): Int32Array =>
  counts.map((_, at) => counts[(at % classes) * classes + Math.floor(at / classes)]);

/** With the truth in rows, whatever the matrix has there. */
function upright(op: string, matrix: ConfusionMatrix): ConfusionCounts {
  checkMatrix(op, matrix);
  const { counts, classes, rows } = matrix;
  return { classes, counts: [...(rows === 'truth' ? counts : transposed(counts, classes))] };
}

/** A matrix, as `confusionMatrix` makes it. */
export const checkMatrix = (op: string, matrix: ConfusionMatrix): void =>
  checkObject(op, 'the matrix', matrix, ['counts', 'classes', 'rows']);

/** The part on the diagonal; NaN without examples. */
export function accuracyOf(matrix: ConfusionMatrix): number {
  checkMatrix('accuracyOf', matrix);
  const { counts, classes } = matrix;
  let right = 0;
  for (let i = 0; i < classes; i++) right += counts[i * classes + i];
  return right / counts.reduce((sum, count) => sum + count, 0);
}

/** Precision, recall and F1 of each class. */
export const classScores = (matrix: ConfusionMatrix): ClassScores[] =>
  classCounts(upright('classScores', matrix)).map(({ right, called, support }) => ({
    precision: right / called,
    recall: right / support,
    f1: (2 * right) / (support + called),
    support,
  }));

/**
 * The matrix as shares: of each true class (what was made of it), of each predicted one, or of all examples; NaN where
 * there is nothing to divide by. A row of the result is a row of the matrix.
 *
 * @source lecture notes 004, lines 1590–1594, in per cent of the true class; scikit-learn's `normalize`
 */
export function normalised(matrix: ConfusionMatrix, by: 'truth' | 'predicted' | 'all'): number[][] {
  checkMatrix('normalised', matrix);
  const { counts, classes, rows } = matrix;
  const row = (i: number): number[] => [...counts.subarray(i * classes, (i + 1) * classes)];
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const table = Array.from({ length: classes }, (_, i) => row(i));
  const all = sum([...counts]);
  return table.map((values) =>
    values.map((count, j) => {
      const whole = by === 'all' ? all : by === rows ? sum(values) : sum(table.map((other) => other[j]));
      return count / whole;
    }),
  );
}

/** What is said of one class against the rest, `positive`; NaN or infinite where there is nothing to divide by. */
export interface Rates {
  readonly truePositives: number;
  /** Type I errors. */
  readonly falsePositives: number;
  /** Type II errors. */
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** The share of examples that are positive. */
  readonly prevalence: number;
  readonly accuracy: number;
  /** Positive predictive value: TP / (TP + FP). */
  readonly precision: number;
  /** FP / (TP + FP). */
  readonly falseDiscoveryRate: number;
  /** FN / (FN + TN). */
  readonly falseOmissionRate: number;
  /** TN / (FN + TN). */
  readonly negativePredictiveValue: number;
  /** Sensitivity, recall, power: TP / (TP + FN). */
  readonly sensitivity: number;
  /** Fall-out, false alarm: FP / (FP + TN). */
  readonly falsePositiveRate: number;
  /** Miss rate: FN / (TP + FN). */
  readonly falseNegativeRate: number;
  /** Selectivity: TN / (FP + TN). */
  readonly specificity: number;
  /** Sensitivity over false positive rate. */
  readonly positiveLikelihoodRatio: number;
  /** False negative rate over specificity. */
  readonly negativeLikelihoodRatio: number;
  /** The first ratio over the second. */
  readonly diagnosticOddsRatio: number;
  readonly f1: number;
}

/**
 * All ratios of a confusion matrix, one class being the positive one.
 *
 * @param positive  a class of the matrix; default 1
 * @source lecture notes 004, lines 1631–1646
 */
export function ratesOf(matrix: ConfusionMatrix, positive = 1): Rates {
  const truth = upright('ratesOf', matrix);
  checkClass('ratesOf', 'positive', 0, positive, matrix.classes);
  const { right: tp, called, support } = classCounts(truth)[positive];
  const all = truth.counts.reduce((sum, count) => sum + count, 0);
  const [fp, fn] = [called - tp, support - tp];
  const tn = all - tp - fp - fn;
  const [sensitivity, falsePositiveRate] = [tp / support, fp / (fp + tn)];
  const [falseNegativeRate, specificity] = [fn / support, tn / (fp + tn)];
  const positiveLikelihoodRatio = sensitivity / falsePositiveRate;
  const negativeLikelihoodRatio = falseNegativeRate / specificity;
  return {
    truePositives: tp,
    falsePositives: fp,
    falseNegatives: fn,
    trueNegatives: tn,
    prevalence: support / all,
    accuracy: (tp + tn) / all,
    precision: tp / called,
    falseDiscoveryRate: fp / called,
    falseOmissionRate: fn / (fn + tn),
    negativePredictiveValue: tn / (fn + tn),
    sensitivity,
    falsePositiveRate,
    falseNegativeRate,
    specificity,
    positiveLikelihoodRatio,
    negativeLikelihoodRatio,
    diagnosticOddsRatio: positiveLikelihoodRatio / negativeLikelihoodRatio,
    f1: (2 * tp) / (support + called),
  };
}
