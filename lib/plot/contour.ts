import { type Axis, areaOf, isShown, legend, palette, round, scale, svg } from './axes.js';
import { lines, type Series } from './chart.js';
import { checkGrid, type Grid, rangeOf } from './grid.js';
import { shade } from './heat_map.js';

export interface ContourChart {
  readonly title: string;
  readonly x: Pick<Axis, 'label'>;
  readonly y: Pick<Axis, 'label'>;
  /** What is constant along the contours; logarithmic: levels are equal factors apart. */
  readonly z: Axis;
  readonly grid: Grid;
  /** Where to draw contours; default 12 values between the least and the greatest. */
  readonly levels?: readonly number[];
  /** Paths over the contours, with a dot at their ends. */
  readonly series?: readonly Series[];
  /** Pixels; default 720 × 540. */
  readonly width?: number;
  readonly height?: number;
}

type Point = readonly [x: number, y: number];

/**
 * The lines along which a function of two variables is constant, darker the higher, and paths over them, as a standalone SVG
 * document. The contour of a level is a path that keeps it in `data-level`.
 *
 * @throws ValueError for fewer than two or descending x or y; ShapeError for values that do not fit them
 */
export function contourChart({
  title,
  x,
  y,
  z,
  grid,
  levels,
  series = [],
  width = 720,
  height = 540,
}: ContourChart): string {
  checkGrid('contourChart', grid);
  const area = areaOf(width, height);
  const horizontal = scale(grid.x, false, area.left, area.right, false);
  const vertical = scale(grid.y, false, area.bottom, area.top, false);
  const drawn = (levels ?? spread(rangeOf(grid, z), z)).filter((level) => isShown(level, z));
  const measure = z.log === true ? Math.log10 : (value: number) => value;
  const measured = grid.values.map((row) => Float64Array.from(row, measure));

  const place = ([u, v]: Point): string => `${round(horizontal.place(u))},${round(vertical.place(v))}`;
  const contours = drawn.map((level, i) => {
    const d = segments({ ...grid, values: measured }, measure(level)).map(([p, q]) => `M${place(p)}L${place(q)}`);
    return `<path d="${d.join('')}" stroke="${shade(i, drawn.length)}" data-level="${level}"/>`;
  });
  const ends = series.flatMap(({ points }, i) => {
    const last = points.at(-1);
    if (last === undefined) return [];
    const [u, v] = place(last).split(',');
    return [`<circle cx="${u}" cy="${v}" r="4" fill="${palette[i % palette.length]}"/>`];
  });
  const names = series.map(({ name }) => name);
  const box = 48 + 7 * Math.max(0, ...names.map(({ length }) => length));
  const { left, right, top, bottom } = area;
  return svg({ title, x, y, width, height, area, horizontal, vertical }, [
    `<clipPath id="area"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath>`,
    `<g fill="none" stroke-width="0.9" stroke-opacity="0.6" stroke-linecap="round">${contours.join('')}</g>`,
    `<g clip-path="url(#area)">${lines(series, { x, y, horizontal, vertical })}${ends.join('')}</g>`,
    names.length === 0
      ? ''
      : `<rect x="${right - box}" y="${top + 2}" width="${box}" height="${18 * names.length + 8}" fill="#fff" fill-opacity="0.85"/>`,
    legend(names, area),
  ]);
}

/** 12 values inside the range, equal steps or, on a logarithmic axis, factors apart. */
function spread([low, high]: readonly [number, number], { log = false }: Axis): number[] {
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
