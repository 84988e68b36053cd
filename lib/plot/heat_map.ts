import { type Area, type Axis, areaOf, escapeXml, isShown, number, round, scale, svg } from './axes.js';
import { checkGrid, type Grid, rangeOf } from './grid.js';

export interface HeatMap {
  readonly title: string;
  readonly x: Pick<Axis, 'label'>;
  readonly y: Pick<Axis, 'label'>;
  /** What the colours mean. */
  readonly z: Axis;
  readonly grid: Grid;
  /** Pixels; default 720 × 440. */
  readonly width?: number;
  readonly height?: number;
}

/** Colours between which a picture's steps are blended, as red, green, blue. Lightness alone tells the order. */
type Stops = readonly (readonly [number, number, number])[];
/** From white over the palette's blues to black. */
const sequential: Stops = [
  [255, 255, 255],
  [86, 180, 233],
  [0, 114, 178],
  [0, 20, 50],
];
/** From the palette's blue over white, which is 0, to its red. */
const diverging: Stops = [
  [0, 50, 110],
  [0, 114, 178],
  [255, 255, 255],
  [213, 94, 0],
  [110, 30, 0],
];
const steps = 64;

/** The colour of a share 0 … 1 of the way along the stops. */
function blend(share: number, stops: Stops): string {
  const at = share * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const mixed = stops[i].map((low, channel) => Math.round(low + (at - i) * (stops[i + 1][channel] - low)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The colour of step i of a sequence from light to dark. */
export const shade = (i: number, count: number): string =>
  blend(count < 2 ? 1 : 0.25 + (0.75 * i) / (count - 1), sequential);

/**
 * A function of two variables in colours, as a standalone SVG document: a cell around each grid point, in one of 64 colours,
 * and the colour bar. Values of both signs go from blue over white, 0, to red; others from white to dark. The cells of one
 * colour are a path that keeps the middle of its values in `data-value`.
 *
 * @throws ValueError for fewer than two or descending x or y; ShapeError for values that do not fit them
 */
export function heatMap({ title, x, y, z, grid, width = 720, height = 440 }: HeatMap): string {
  checkGrid('heatMap', grid);
  const log = z.log === true;
  let [low, high] = rangeOf(grid, z);
  const signed = low < 0 && high > 0;
  if (signed) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
  const stops = signed ? diverging : sequential;
  const area = areaOf(width, height, 76);
  const [us, vs] = [edges(grid.x), edges(grid.y)];
  const horizontal = scale(us, false, area.left, area.right, false);
  const vertical = scale(vs, false, area.bottom, area.top, false);
  const share = scale([low, high], log, 0, 1, false);
  const step = (value: number): number => Math.min(Math.floor(share.place(value) * steps), steps - 1);

  const paths = new Map<number, string>();
  grid.values.forEach((row, i) => {
    const [top, bottom] = [round(vertical.place(vs[i + 1])), round(vertical.place(vs[i]))];
    for (let j = 0, next = 1; j < row.length; j = next, next++) {
      if (!isShown(row[j], z)) continue;
      const colour = step(row[j]);
      // Neighbours of one colour are one rectangle.
      while (next < row.length && isShown(row[next], z) && step(row[next]) === colour) next++;
      const [left, right] = [round(horizontal.place(us[j])), round(horizontal.place(us[next]))];
      paths.set(colour, `${paths.get(colour) ?? ''}M${left},${top}H${right}V${bottom}H${left}Z`);
    }
  });
  const middle = (colour: number): number => {
    const at = (colour + 0.5) / steps;
    return log ? low * (high / low) ** at : low + at * (high - low);
  };
  const cells = [...paths].map(([colour, d]) => {
    return `<path d="${d}" fill="${blend((colour + 0.5) / steps, stops)}" data-value="${middle(colour)}"/>`;
  });
  return svg({ title, x, y, width, height, area, horizontal, vertical }, [
    `<g shape-rendering="crispEdges">${cells.join('')}</g>`,
    colourBar(z, [low, high], stops, area),
  ]);
}

/** From the middle between neighbours to the next; as far beyond the ends. */
function edges(points: readonly number[]): number[] {
  const n = points.length;
  const inner = points.slice(1).map((value, i) => (value + points[i]) / 2);
  return [2 * points[0] - inner[0], ...inner, 2 * points[n - 1] - inner[n - 2]];
}

/** The colours with their values, right of the area. */
function colourBar(z: Axis, range: readonly number[], stops: Stops, { right, top, bottom }: Area): string {
  const left = right + 16;
  const { place, ticks } = scale(range, z.log === true, bottom, top, false);
  const height = (bottom - top) / steps;
  const colours = Array.from({ length: steps }, (_, i) => {
    const at = round(bottom - (i + 1) * height);
    return `<rect x="${left}" y="${at}" width="14" height="${round(height + 0.5)}" fill="${blend((i + 0.5) / steps, stops)}"/>`;
  });
  const labels = ticks.map((tick) => {
    return `<text data-tick="${tick}" x="${left + 20}" y="${round(place(tick)) + 4}">${number(tick)}</text>`;
  });
  const name = `<text x="${left + 7}" y="${top - 8}" text-anchor="middle">${escapeXml(z.label)}</text>`;
  return `<g>${colours.join('')}${labels.join('')}${name}</g>`;
}
