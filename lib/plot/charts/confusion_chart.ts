import { ShapeError } from '../../core/errors.js';
import { type ConfusionMatrix, checkMatrix, normalised } from '../../metrics/confusion_matrix.js';
import { type Frame, figure } from '../figure.js';
import type { Cells } from '../marks.js';

/**
 * A confusion matrix with its counts, coloured by the share of the true class.
 *
 *     await confusionChart(confusionMatrix({ classes: 10 })(answers, labels));
 *
 * @param labels  of the classes; default their numbers
 * @throws ShapeError  "confusionChart: 3 classes need as many labels; got 1"
 */
export async function confusionChart(
  matrix: ConfusionMatrix,
  given?: readonly string[],
  frame: Partial<Frame> = {},
): Promise<string> {
  checkMatrix('confusionChart', matrix);
  const { counts, classes, rows } = matrix;
  const labels = given ?? Array.from({ length: classes }, (_, i) => String(i));
  if (labels.length !== classes) {
    throw new ShapeError(`confusionChart: ${classes} classes need as many labels; got ${labels.length}`);
  }
  const shares = normalised(matrix, 'truth');
  const cells = Array.from(counts, (count, at): Cells['cells'][number] => {
    const [i, j] = [Math.floor(at / classes), at % classes];
    const share = shares[i][j];
    return { x: [j - 0.5, j + 0.5], y: [i - 0.5, i + 0.5], z: Number.isNaN(share) ? 0 : share, text: String(count) };
  });
  const [truth, predicted] = ['true class', 'predicted class'];
  const [across, down] = rows === 'truth' ? [predicted, truth] : [truth, predicted];
  const side = Math.max(360, 60 + 42 * classes);
  return figure(
    {
      title: 'Confusion matrix',
      x: { label: across, names: labels },
      y: { label: down, names: labels, reversed: true },
      z: { label: 'share of true', domain: [0, 1], scheme: 'blues' },
      equal: true,
      width: side + 120,
      height: side,
      ...frame,
    },
    [{ kind: 'cells', cells }],
  );
}
