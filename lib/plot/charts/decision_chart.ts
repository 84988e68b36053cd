import { checkFunction, checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { tensor } from '../../tensor/create.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { contours } from '../contour.js';
import { type ColourAxis, type Frame, figure, palette } from '../figure.js';
import { cellsOf } from '../heat_map.js';
import { type Dots, extentOf, type Mark, type Range } from '../marks.js';
import { pointsOf } from './embedding_chart.js';
import { tints } from './tints.js';

export interface DecisionChartOptions extends Partial<Frame> {
  /** What is drawn of the plane; default the points and a tenth of their span around them. */
  range?: { readonly x: Range; readonly y: Range };
  /** Where the plane is cut in two, for one score a point; default 0.5. */
  threshold?: number;
  /** Points on each axis at which the model is asked; whole, ≥ 2; default 120. */
  resolution?: number;
}

/**
 * What a model says of every point of a plane, below the examples that it was taught: its score of class 1 and the line on
 * which it is `threshold`, or the class with the largest of several scores.
 *
 *     await decisionChart((x) => model.forward(x).sigmoid(), points, labels);
 *
 * @param model   from points [n, 2] to scores [n], [n, 1] or [n, classes]
 * @param points  [n, 2]
 * @param labels  the class of each point
 */
export async function decisionChart(
  model: (points: Tensor<[number, 2]>) => Tensor<any, any>,
  points: Tensor<any, any>,
  labels: ArrayLike<number>,
  { range, threshold = 0.5, resolution = 120, ...frame }: DecisionChartOptions = {},
): Promise<string> {
  checkFunction('decisionChart', 'model', model);
  checkWhole('decisionChart', 'resolution', resolution, 2);
  const at = pointsOf('decisionChart', points);
  const around = (axis: 'x' | 'y'): Range => {
    const values = extentOf({ kind: 'dots', points: at }, axis);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = (high - low) / 10 || 1;
    return range?.[axis] ?? [low - margin, high + margin];
  };
  const [horizontal, vertical] = [around('x'), around('y')];
  const steps = ([low, high]: Range): number[] =>
    Array.from({ length: resolution }, (_, i) => low + ((high - low) * i) / (resolution - 1));
  const [x, y] = [steps(horizontal), steps(vertical)];
  const asked = tensor(y.flatMap((v) => x.map((u) => [u, v]))) as Tensor<[number, 2]>;
  const answer = noGrad(() => model(asked));
  const scores = Array.from(answer.data(), Number);
  const classes = scores.length / asked.shape[0];
  if (answer.shape[0] !== asked.shape[0] || !Number.isInteger(classes)) {
    throw new ShapeError(
      `decisionChart: the model must give [n], [n, 1] or [n, classes] of [n, 2]; got [${answer.shape.join(', ')}] of [${asked.shape.join(', ')}]`,
    );
  }

  const grid = (values: readonly number[]) => ({
    x,
    y,
    values: y.map((_, i) => values.slice(i * resolution, (i + 1) * resolution)),
  });
  let below: Mark[];
  let z: ColourAxis | undefined;
  if (classes === 1) {
    // Colours as far on both sides of the threshold, so that it is white.
    const most = scores.reduce((most, score) => Math.max(most, Math.abs(score - threshold)), 0) || 1;
    z = { label: 'score', domain: [threshold - most, threshold + most], scheme: 'blueorange' };
    const [border] = contours(grid(scores), z, [threshold]);
    const { z: _, ...line } = border;
    below = [cellsOf(grid(scores), z), { ...line, colour: '#000', width: 1.5 }];
  } else {
    const best = Array.from({ length: asked.shape[0] }, (_, i) => {
      const row = scores.slice(i * classes, (i + 1) * classes);
      return row.indexOf(Math.max(...row));
    });
    // A picture's first row is its highest.
    const pixels = tints(grid(best).values.toReversed().flat(), resolution);
    below = [{ kind: 'raster', x: horizontal, y: vertical, pixels }];
  }
  const dots = [...new Set(Array.from(labels))]
    .sort((a, b) => a - b)
    .map(
      (label): Dots => ({
        kind: 'dots',
        name: `class ${label}`,
        colour: palette[label % palette.length],
        points: at.filter((_, i) => labels[i] === label),
      }),
    );
  return figure(
    {
      title: 'Decision surface',
      x: { label: 'x₁', domain: horizontal },
      y: { label: 'x₂', domain: vertical },
      ...(z && { z }),
      ...frame,
    },
    [...below, ...dots],
  );
}
