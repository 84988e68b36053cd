import { ShapeError } from '../core/errors.js';
import { type ConfusionMatrix, checkMatrix } from '../metrics/confusion_matrix.js';

/** The matrix as text: its rows and columns as they stand, zeros as `·`; `colour` tints by share of the row. */
export function renderConfusion(
  matrix: ConfusionMatrix,
  given?: readonly string[],
  { colour = false }: { colour?: boolean } = {},
): string {
  checkMatrix('renderConfusion', matrix);
  const { counts, classes, rows: side } = matrix;
  const labels = given ?? Array.from({ length: classes }, (_, i) => String(i));
  if (labels.length !== classes) {
    throw new ShapeError(`renderConfusion: ${classes} classes need as many labels; got ${labels.length}`);
  }
  const cells = Array.from(counts, (count) => (count === 0 ? '·' : String(count)));
  const corner = side === 'truth' ? 'true \\ predicted' : 'predicted \\ true';
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
