import { ShapeError } from '../../core/errors.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Frame, figure } from '../figure.js';
import type { Mark, Point, Range } from '../marks.js';

export interface EmbeddingChartOptions extends Partial<Frame> {
  /** A class of each point, which is its colour. */
  labels?: ArrayLike<number>;
  /** Of the classes, in the legend; default their numbers. */
  names?: readonly string[];
  /** Written beside the points: words. */
  texts?: readonly string[];
}

/**
 * Points in a plane: an embedding, or its two principal components.
 *
 * @param points  [n, 2]
 * @throws ShapeError  "embeddingChart: points must be [n, 2]; got [5, 3]; project them onto two axes first"
 */
export async function embeddingChart(
  points: Tensor<any, any>,
  { labels, names, texts, ...frame }: EmbeddingChartOptions = {},
): Promise<string> {
  const at = pointsOf('embeddingChart', points);
  const classes = labels === undefined ? [] : [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const dots: Mark[] =
    labels === undefined
      ? [{ kind: 'dots', points: at, colour: '#0072b2' }]
      : classes.map((label) => ({
          kind: 'dots',
          name: names?.[label] ?? String(label),
          points: at.filter((_, i) => labels[i] === label),
          opacity: 0.8,
        }));
  const words: Mark[] =
    texts === undefined
      ? []
      : [{ kind: 'labels', align: 'left', offset: [6, 0], labels: texts.map((text, i) => ({ at: at[i], text })) }];
  return figure(
    {
      title: 'Embedding',
      x: { label: '', ...(texts && { domain: roomFor(texts, at) }) },
      y: { label: '' },
      width: 640,
      height: 520,
      ...frame,
    },
    [...dots, ...words],
  );
}

/** What x spans so that words end inside: 7 pixels a letter, of about 500. */
function roomFor(texts: readonly string[], points: readonly Point[]): Range {
  const xs = points.map(([x]) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const span = high - low || 1;
  const end = Math.max(...texts.map((text, i) => xs[i] + (span * (12 + 7 * text.length)) / (500 - 7 * text.length)));
  return [low - span / 20, Math.max(end, high + span / 20)];
}

/** Rows of two numbers. */
export function pointsOf(op: string, points: Tensor<any, any>): Point[] {
  checkTensor(op, points);
  const { shape } = points;
  if (shape.length !== 2 || shape[1] !== 2) {
    throw new ShapeError(`${op}: points must be [n, 2]; got [${shape.join(', ')}]; project them onto two axes first`);
  }
  const values = Array.from(points.detach().data(), Number);
  return Array.from({ length: shape[0] }, (_, i) => [values[2 * i], values[2 * i + 1]]);
}
