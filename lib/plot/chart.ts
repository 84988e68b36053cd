import { ValueError } from '../core/errors.js';

/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** A y that is NaN or infinite leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Weight of the past in an exponential average, in [0, 1): draws the average strong and the raw line faint. */
  readonly smooth?: number;
}

export interface Axis {
  readonly label: string;
  /** Logarithmic, base 10; values ≤ 0 leave gaps. */
  readonly log?: boolean;
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

/** Colours that colour-blind readers can tell apart. Source: Okabe, Ito 2002, "Color Universal Design". */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const margin = { top: 44, right: 24, bottom: 52, left: 68 };

/** Maps values to pixels. */
interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** A line chart as a standalone SVG document; each series keeps its values in `data-points`, for whoever reads it back. */
export function lineChart({ title, x, y, series, width = 720, height = 440 }: LineChart): string {
  for (const { name, smooth = 0 } of series) {
    if (!(smooth >= 0 && smooth < 1)) {
      throw new ValueError(`lineChart: smooth must be in [0, 1); ${JSON.stringify(name)} has ${smooth}`);
    }
  }
  const shown = (value: number, axis: Axis) => Number.isFinite(value) && (axis.log !== true || value > 0);
  const drawn = series.flatMap(({ points }) => points.filter((point) => shown(point[0], x) && shown(point[1], y)));
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const horizontal = scale(
    drawn.map((point) => point[0]),
    x.log === true,
    margin.left,
    right,
    false,
  );
  const vertical = scale(
    drawn.map((point) => point[1]),
    y.log === true,
    bottom,
    margin.top,
    true,
  );

  const path = (points: Series['points']): string => {
    let pen = 'M';
    let d = '';
    for (const [u, v] of points) {
      if (shown(u, x) && shown(v, y)) {
        d += `${pen}${round(horizontal.place(u))},${round(vertical.place(v))}`;
        pen = 'L';
      } else pen = 'M';
    }
    return d;
  };

  const grid = [
    ...horizontal.ticks.map((tick) => {
      const at = round(horizontal.place(tick));
      return (
        `<line x1="${at}" y1="${margin.top}" x2="${at}" y2="${bottom}"/>` +
        `<text x="${at}" y="${bottom + 18}" text-anchor="middle">${number(tick)}</text>`
      );
    }),
    ...vertical.ticks.map((tick) => {
      const at = round(vertical.place(tick));
      return (
        `<line x1="${margin.left}" y1="${at}" x2="${right}" y2="${at}"/>` +
        `<text x="${margin.left - 8}" y="${at + 4}" text-anchor="end">${number(tick)}</text>`
      );
    }),
  ];
  const lines = series.map(({ name, points, smooth = 0 }, i) => {
    const colour = palette[i % palette.length];
    const values = escapeXml(JSON.stringify(points));
    const raw = `<path d="${path(points)}" stroke="${colour}"${smooth > 0 ? ' stroke-opacity="0.25"' : ''}/>`;
    const strong = smooth > 0 ? `<path d="${path(average(points, smooth))}" stroke="${colour}"/>` : '';
    return `<g data-name="${escapeXml(name)}" data-points="${values}">${raw}${strong}</g>`;
  });
  const legend = series.map(({ name }, i) => {
    const at = margin.top + 16 + 18 * i;
    const colour = palette[i % palette.length];
    return (
      `<line x1="${right - 28}" y1="${at}" x2="${right - 8}" y2="${at}" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${right - 34}" y="${at + 4}" text-anchor="end">${escapeXml(name)}</text>`
    );
  });
  const middle = (margin.left + right) / 2;
  const centre = (margin.top + bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${middle}" y="26" text-anchor="middle" font-size="16">${escapeXml(title)}</text>`,
    `<g stroke="#e4e4e4" shape-rendering="crispEdges">${grid.join('').replaceAll('<text', '<text stroke="none"')}</g>`,
    `<path d="M${margin.left},${margin.top}V${bottom}H${right}" fill="none" stroke="#888" shape-rendering="crispEdges"/>`,
    `<g fill="none" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round">${lines.join('')}</g>`,
    `<g>${legend.join('')}</g>`,
    `<text x="${middle}" y="${height - 14}" text-anchor="middle">${escapeXml(x.label)}</text>`,
    `<text transform="translate(18 ${centre}) rotate(-90)" text-anchor="middle">${escapeXml(y.label)}</text>`,
    '</svg>\n',
  ].join('\n');
}

/** A scale over the values, widened to whole ticks if `nice`; without values it spans 0 to 1, or 1 to 10. */
function scale(values: readonly number[], log: boolean, from: number, to: number, nice: boolean): Scale {
  const measure = log ? Math.log10 : (value: number) => value;
  let low = 0;
  let high = 1;
  if (values.length > 0) {
    low = measure(values.reduce((a, b) => Math.min(a, b)));
    high = measure(values.reduce((a, b) => Math.max(a, b)));
  }
  if (low === high) {
    const half = low === 0 || log ? 0.5 : Math.abs(low) / 2;
    low -= half;
    high += half;
  }
  const step = log ? Math.max(1, Math.ceil((high - low) / 8)) : niceStep((high - low) / 5);
  if (nice) {
    low = Math.floor(low / step) * step;
    high = Math.ceil(high / step) * step;
  }
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) {
    // Adding 0 turns −0, which Math.ceil gives, into 0.
    ticks.push(log ? Number((10 ** (i * step)).toPrecision(12)) : Number((i * step).toPrecision(12)) + 0);
  }
  return { place: (value) => from + ((measure(value) - low) / (high - low)) * (to - from), ticks };
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
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

/** 0.25, 1,500, 2e-6: as short as it can be said. */
function number(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential().replace('e+', 'e');
  return value.toLocaleString('en-GB', { maximumFractionDigits: 6 });
}

export const round = (value: number): number => Math.round(value * 100) / 100;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text for SVG; control characters, which XML forbids, become a replacement character. */
export const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[&<>"]/g, (found) => entities[found]).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd');
