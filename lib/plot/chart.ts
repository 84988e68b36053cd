import { ValueError } from '../core/errors.js';
import { type Axis, areaOf, escapeXml, type Frame, isShown, legend, palette, round, scale, svg } from './axes.js';

/** One line of a chart, or one cloud of dots. */
export interface Series {
  readonly name: string;
  /** A y that is NaN or infinite leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Weight of the past in an exponential average, in [0, 1): draws the average strong and the raw line faint. */
  readonly smooth?: number;
  /** A dot at every point, and no line through them. */
  readonly dots?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Pixels; default 720 × 440. */
  readonly width?: number;
  readonly height?: number;
}

/** A line chart as a standalone SVG document; each series keeps its values in `data-points`, for whoever reads it back. */
export function lineChart({ title, x, y, series, width = 720, height = 440 }: LineChart): string {
  for (const { name, smooth = 0 } of series) {
    if (!(smooth >= 0 && smooth < 1)) {
      throw new ValueError(`lineChart: smooth must be in [0, 1); ${JSON.stringify(name)} has ${smooth}`);
    }
  }
  const points = series.flatMap(({ points }) => points.filter(([u, v]) => isShown(u, x) && isShown(v, y)));
  const area = areaOf(width, height);
  const [us, vs] = [points.map(([u]) => u), points.map(([, v]) => v)];
  const horizontal = scale(us, x.log === true, area.left, area.right, false);
  const vertical = scale(vs, y.log === true, area.bottom, area.top, true);

  return svg({ title, x, y, width, height, area, horizontal, vertical }, [
    lines(series, { x, y, horizontal, vertical }),
    legend(
      series.map(({ name }) => name),
      area,
    ),
  ]);
}

/** The lines of a chart, each in its colour and with its values. */
export function lines(
  series: readonly Series[],
  { x, y, horizontal, vertical }: Pick<Frame, 'x' | 'y' | 'horizontal' | 'vertical'>,
): string {
  const path = (points: Series['points']): string => {
    let pen = 'M';
    let d = '';
    for (const [u, v] of points) {
      if (isShown(u, x) && isShown(v, y)) {
        d += `${pen}${round(horizontal.place(u))},${round(vertical.place(v))}`;
        pen = 'L';
      } else pen = 'M';
    }
    return d;
  };
  // A line of no length under a round cap is a dot.
  const cloud = (points: Series['points']): string =>
    points
      .filter(([u, v]) => isShown(u, x) && isShown(v, y))
      .map(([u, v]) => `M${round(horizontal.place(u))},${round(vertical.place(v))}h0`)
      .join('');
  const drawn = series.map(({ name, points, smooth = 0, dots = false }, i) => {
    const colour = palette[i % palette.length];
    const values = escapeXml(JSON.stringify(points));
    const faint = smooth > 0 ? ' stroke-opacity="0.25"' : '';
    const raw = dots
      ? `<path d="${cloud(points)}" stroke="${colour}" stroke-width="3"${faint}/>`
      : `<path d="${path(points)}" stroke="${colour}"${faint}/>`;
    const strong = smooth > 0 ? `<path d="${path(average(points, smooth))}" stroke="${colour}"/>` : '';
    return `<g data-name="${escapeXml(name)}" data-points="${values}">${raw}${strong}</g>`;
  });
  return `<g fill="none" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round">${drawn.join('')}</g>`;
}

/** Exponential moving average, corrected for its start as Adam's is; values that are no numbers leave it as it was. */
function average(points: Series['points'], smooth: number): [number, number][] {
  let sum = 0;
  let weight = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    sum = smooth * sum + (1 - smooth) * y;
    weight = smooth * weight + (1 - smooth);
    return [x, sum / weight];
  });
}
