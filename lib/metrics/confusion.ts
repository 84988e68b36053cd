import { checkWhole } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';

/** How often class `row` was taken for class `column`: `counts[row · classes + column]`. */
export interface ConfusionMatrix {
  readonly counts: Int32Array;
  readonly classes: number;
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
 * Counts pairs of true and predicted class; rows are the truth.
 *
 * @throws ValueError  "confusionMatrix: a class must be a whole number from 0 to 9; predicted[3] is 10"
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  if (truth.length !== predicted.length) {
    throw new ShapeError(
      `confusionMatrix: truth and predicted must be of equal length; got ${truth.length} and ${predicted.length}`,
    );
  }
  checkWhole('confusionMatrix', 'classes', classes, 1);
  const counts = new Int32Array(classes * classes);
  for (let i = 0; i < truth.length; i++) {
    for (const [name, value] of [
      ['truth', truth[i]],
      ['predicted', predicted[i]],
    ] as const) {
      if (!Number.isInteger(value) || value < 0 || value >= classes) {
        throw new ValueError(
          `confusionMatrix: a class must be a whole number from 0 to ${classes - 1}; ${name}[${i}] is ${value}`,
        );
      }
    }
    counts[truth[i] * classes + predicted[i]]++;
  }
  return { counts, classes };
}

/** The part on the diagonal; NaN without examples. */
export function accuracyOf({ counts, classes }: ConfusionMatrix): number {
  let right = 0;
  for (let i = 0; i < classes; i++) right += counts[i * classes + i];
  return right / counts.reduce((sum, count) => sum + count, 0);
}

/** Precision, recall and F1 of each class. */
export function classScores({ counts, classes }: ConfusionMatrix): ClassScores[] {
  return Array.from({ length: classes }, (_, i) => {
    const right = counts[i * classes + i];
    let support = 0;
    let called = 0;
    for (let j = 0; j < classes; j++) {
      support += counts[i * classes + j];
      called += counts[j * classes + i];
    }
    return { precision: right / called, recall: right / support, f1: (2 * right) / (support + called), support };
  });
}

/** The matrix as text: a row a true class, a column a predicted one, zeros as `·`; `colour` tints by share of the row. */
export function renderConfusion(
  { counts, classes }: ConfusionMatrix,
  labels: readonly string[] = Array.from({ length: classes }, (_, i) => String(i)),
  { colour = false }: { colour?: boolean } = {},
): string {
  if (labels.length !== classes) {
    throw new ShapeError(`renderConfusion: ${classes} classes need as many labels; got ${labels.length}`);
  }
  const cells = Array.from(counts, (count) => (count === 0 ? '·' : String(count)));
  const corner = 'true \\ predicted';
  const first = Math.max(corner.length, ...labels.map((label) => label.length));
  const width = Math.max(...cells.map((cell) => cell.length), ...labels.map((label) => label.length)) + 2;
  const head = corner.padEnd(first) + labels.map((label) => label.padStart(width)).join('');
  const rows = labels.map((label, i) => {
    const row = counts.subarray(i * classes, (i + 1) * classes);
    const total = row.reduce((sum, count) => sum + count, 0);
    const line = cells.slice(i * classes, (i + 1) * classes).map((cell, j) => {
      const text = cell.padStart(width);
      return colour && row[j] > 0 ? tint(text, row[j] / total, i === j) : text;
    });
    return label.padEnd(first) + line.join('');
  });
  return `${[head, ...rows].join('\n')}\n`;
}

/** The darker greens for what is right and reds for what is wrong, under white, from the 6 × 6 × 6 cube of terminal colours. */
function tint(text: string, share: number, right: boolean): string {
  const level = Math.ceil(share * 3);
  return `\x1b[48;5;${16 + level * (right ? 6 : 36)}m\x1b[97m${text}\x1b[0m`;
}
