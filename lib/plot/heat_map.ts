import { given } from '../core/check.js';
import { type Axis, type ColourAxis, figure } from './figure.js';
import { checkGrid, type Grid, rangeOf } from './grid.js';
import { type Cells, isShown } from './marks.js';

export interface HeatMap {
  readonly title: string;
  readonly x: Pick<Axis, 'label'>;
  readonly y: Pick<Axis, 'label'>;
  /** What the colours mean. */
  readonly z: ColourAxis;
  readonly grid: Grid;
  /** Pixels; default 720 × 440. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * A function of two variables in colours, as a standalone SVG document: a cell around each grid point, and the colour bar.
 * Values of both signs go from blue over white, 0, to orange; others from dark to light. Needs the package vega.
 *
 * @throws ValueError for fewer than two or descending x or y; ShapeError for values that do not fit them
 */
export async function heatMap(map: HeatMap): Promise<string> {
  const { grid, ...frame } = given(map);
  checkGrid('heatMap', grid);
  return figure(frame, [cellsOf(grid, frame.z)]);
}

/** Steps of the range, fewer than the eye tells apart: neighbours in a row within one of them are one cell. */
const steps = 256;

/** A cell around each grid point. */
export function cellsOf({ x, y, values }: Grid, z: ColourAxis): Cells {
  const [us, vs] = [edges(x), edges(y)];
  const measure = z.log === true ? Math.log : (value: number) => value;
  const [low, high] = rangeOf({ x, y, values }, z).map(measure);
  const near = (a: number, b: number): boolean => Math.abs(measure(a) - measure(b)) * steps <= high - low;
  const cells = values.flatMap((row, i) => {
    const found: Cells['cells'][number][] = [];
    for (let j = 0, next = 1; j < row.length; j = next, next++) {
      if (!isShown(row[j], z)) continue;
      while (next < row.length && isShown(row[next], z) && near(row[next], row[j])) next++;
      found.push({ x: [us[j], us[next]], y: [vs[i], vs[i + 1]], z: row[j] });
    }
    return found;
  });
  return { kind: 'cells', cells };
}

/** From the middle between neighbours to the next; as far beyond the ends. */
function edges(points: readonly number[]): number[] {
  const n = points.length;
  const inner = points.slice(1).map((value, i) => (value + points[i]) / 2);
  return [2 * points[0] - inner[0], ...inner, 2 * points[n - 1] - inner[n - 2]];
}
