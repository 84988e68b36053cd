import { given } from '../core/check.js';
import { marksOf, type Series } from './chart.js';
import { type Axis, figure } from './figure.js';
import { checkGrid, type Grid, rangeOf } from './grid.js';
import { isShown, type Line, type Point } from './marks.js';

export interface ContourChart {
  readonly title: string;
  readonly x: Pick<Axis, 'label'>;
  readonly y: Pick<Axis, 'label'>;
  /** What is constant along the contours; logarithmic: levels are equal factors apart. */
  readonly z: Pick<Axis, 'label' | 'log'>;
  readonly grid: Grid;
  /** Where to draw contours; default 12 values between the least and the greatest. */
  readonly levels?: readonly number[];
  /** Paths over the contours, with a dot at their ends. */
  readonly series?: readonly Series[];
  /** Pixels; default 720 × 540. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * The lines along which a function of two variables is constant, in colours of their values, and paths over them, as a
 * standalone SVG document. Needs the package vega.
 *
 * @throws ValueError for fewer than two or descending x or y; ShapeError for values that do not fit them
 */
export async function contourChart(chart: ContourChart): Promise<string> {
  const { grid, levels, series = [], height = 540, ...labels } = given(chart);
  checkGrid('contourChart', grid);
  const { x, y, z } = labels;
  const ends = series.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ kind: 'dots' as const, name, points: [last], size: 8 }];
  });
  return figure({ ...labels, height, x: { ...x, domain: spanOf(grid.x) }, y: { ...y, domain: spanOf(grid.y) } }, [
    ...contours(grid, z, levels),
    ...marksOf('contourChart', series),
    ...ends,
  ]);
}

/** First and last of ascending numbers. */
export const spanOf = (points: readonly number[]): [number, number] => [points[0], points[points.length - 1]];

/**
 * A line for each level, of pieces with gaps between them. Not vega's `isocontour`: that asks for evenly spaced points,
 * closes contours along the border, and takes a missing value for a very low one.
 */
export function contours(
  grid: Grid,
  z: Pick<Axis, 'log'>,
  levels: readonly number[] = spread(rangeOf(grid, z), z),
): Line[] {
  const measure = z.log === true ? Math.log10 : (value: number) => value;
  const measured = { ...grid, values: grid.values.map((row) => Float64Array.from(row, measure)) };
  return levels
    .filter((level) => isShown(level, z))
    .map((level) => ({
      kind: 'line',
      z: level,
      width: 0.9,
      points: segments(measured, measure(level)).flatMap(([p, q]): Point[] => [p, q, [NaN, NaN]]),
    }));
}

/** 12 values inside the range, equal steps or, on a logarithmic axis, factors apart. */
function spread([low, high]: readonly [number, number], { log = false }: Pick<Axis, 'log'>): number[] {
  return Array.from({ length: 12 }, (_, i) => {
    const share = (i + 0.5) / 12;
    return log ? low * (high / low) ** share : low + share * (high - low);
  });
}

/**
 * The level's contour, a piece or two for each cell of the grid, between the points where the cell's sides cross the level
 * if they are straight. Where all four do, the cell's mean tells which corners belong together.
 *
 * @source Lorensen, Cline 1987, "Marching cubes", in two dimensions
 */
function segments({ x, y, values }: Grid, level: number): [Point, Point][] {
  const found: [Point, Point][] = [];
  for (let i = 0; i + 1 < y.length; i++) {
    for (let j = 0; j + 1 < x.length; j++) {
      const corners: Point[] = [
        [x[j], y[i]],
        [x[j + 1], y[i]],
        [x[j + 1], y[i + 1]],
        [x[j], y[i + 1]],
      ];
      const heights = [values[i][j], values[i][j + 1], values[i + 1][j + 1], values[i + 1][j]].map((z) => z - level);
      if (!heights.every(Number.isFinite)) continue;
      // Side k lies between corner k and the next one, and goes to the right or up, whichever cell it is a side of.
      const crossings = corners.map((_, k): Point | null => {
        const next = (k + 1) % 4;
        const [start, end] = k < 2 ? [k, next] : [next, k];
        const [a, b] = [heights[start], heights[end]];
        if (a > 0 === b > 0) return null;
        const [from, to] = [corners[start], corners[end]];
        const share = a / (a - b);
        return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
      });
      const [first, second, third, fourth] = crossings.filter((point) => point !== null);
      if (first === undefined) continue;
      if (third === undefined) {
        found.push([first, second]);
      } else if (heights.reduce((a, b) => a + b) > 0 === heights[0] > 0) {
        // The corner 0 is joined to its opposite: the pieces cut the other two off.
        found.push([first, second], [third, fourth]);
      } else {
        found.push([fourth, first], [second, third]);
      }
    }
  }
  return found;
}
