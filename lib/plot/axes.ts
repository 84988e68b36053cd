import type * as Vega from 'vega';
import type { Axis } from './figure.js';
import { extentOf, isShown, type Mark, type Range } from './marks.js';
import { printable } from './svg.js';

/* What axes span, where their ticks are, and how vega draws them. */

export type Renderer = typeof Vega;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ink = '#333';
export const sizes = { title: 16, label: 12, tick: 11 };
/** Vega measures text by whatever canvas is installed: pictures are the same everywhere if this alone says how wide one is. */
export const widthOf = (text: string, size: number): number => 0.58 * size * text.length;
export const longest = (texts: readonly string[], size = sizes.tick): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text, size)), 0);

/** An axis with what it spans, and where its ticks are. */
export interface Span {
  readonly label: string;
  readonly log: boolean;
  readonly reversed: boolean;
  readonly domain: Range;
  readonly ticks: readonly number[];
  readonly texts: readonly string[];
}

export function spanOf(vega: Renderer, axis: Axis, marks: readonly Mark[], name: 'x' | 'y' | 'z', count: number): Span {
  const { label, log = false, names, reversed = false } = axis;
  let [low, high] = axis.domain ?? [Infinity, -Infinity];
  if (axis.domain === undefined && names !== undefined) [low, high] = [-0.5, names.length - 0.5];
  if (low > high) {
    for (const mark of marks) {
      for (const value of extentOf(mark, name)) {
        if (!isShown(value, axis)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) [low, high] = log ? [1, 10] : [0, 1];
    else if (high - low <= 1e-12 * Math.max(-low, high) || high - low < 1e-300) {
      // Numbers so close leave no room for ticks between them.
      const size = Math.max(-low, high);
      const half = size < 1e-290 ? 0.5 : size / 2;
      [low, high] = log ? [low / 3, high * 3] : [low - half, high + half];
    }
    // Colours of both signs have 0 in their middle.
    if (name === 'z' && low < 0 && high > 0) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
  }
  const scale = vega
    .scale(log ? 'log' : 'linear')()
    .domain([low, high]);
  const filled = marks.some(({ kind }) => kind === 'cells' || kind === 'raster');
  const cloud = marks.every(({ kind }) => kind === 'dots' || kind === 'labels');
  const loose = name === 'y' ? !filled : name === 'x' && cloud;
  if (loose && axis.domain === undefined && names === undefined) scale.nice(count);
  [low, high] = scale.domain();
  const all: number[] = [...(axis.ticks ?? (names ? names.keys() : scale.ticks(count)))];
  const powers = all.filter((tick) => Number.isInteger(Math.log10(tick)));
  const ticks =
    !log || axis.ticks ? all : powers.length > 2 ? powers : all.filter((tick) => /^[125]/.test(tick.toExponential()));
  const exponents = log && ticks.some(isFar);
  const texts = ticks.map((tick, i) =>
    printable(names?.[tick] ?? axis.texts?.[i] ?? number(tick, exponents || isFar(tick))),
  );
  return { label: printable(label), log, reversed, domain: [low, high], ticks, texts };
}

const isFar = (value: number): boolean => value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6);

/** 0.25, 1,500, 2e-6: as short as it can be said. */
const number = (value: number, exponent: boolean): string =>
  exponent
    ? Number(value.toPrecision(6)).toExponential().replace('e+', 'e')
    : value.toLocaleString('en-GB', { maximumFractionDigits: 6 });

export function axisOf(
  name: 'x' | 'y',
  { label, ticks }: Span,
  { width, height }: Size,
  room: number,
  slanted: boolean,
): Vega.Axis {
  const title = name === 'x' ? { titleX: width / 2, titleY: room + 8 } : { titleX: -room - 8, titleY: height / 2 };
  return {
    orient: name === 'x' ? 'bottom' : 'left',
    scale: name,
    values: [...ticks],
    grid: true,
    gridColor: '#e4e4e4',
    domainColor: '#888',
    tickColor: '#888',
    tickSize: 4,
    labelColor: ink,
    labelFontSize: sizes.tick,
    encode: { labels: { update: { text: { signal: `${name}Texts[datum.value]` } } } },
    ...(slanted && { labelAngle: -45, labelAlign: 'right', labelBaseline: 'middle' }),
    ...(label !== '' && {
      title: label,
      titleColor: ink,
      titleFontSize: sizes.label,
      titleFontWeight: 'normal',
      titleAlign: 'center',
      titleBaseline: name === 'x' ? 'top' : 'bottom',
      ...title,
    }),
  };
}

export function colourScale({ log, domain }: Span, scheme: string | undefined, marks: readonly Mark[]): Vega.Scale {
  const signed = domain[0] < 0 && domain[1] > 0;
  // The lightest of the colours, seen well as a cell, are not as a line or a dot on white.
  const extent = marks.some(({ kind }) => kind === 'cells') ? [0, 1] : [0, 0.85];
  return {
    name: 'z',
    type: log ? 'log' : 'linear',
    domain: [...domain],
    range: { scheme: scheme ?? (signed ? 'blueorange' : 'viridis'), ...(!signed && { extent }) },
  };
}

/** The colours with their values, right of the drawing. */
export const colourBar = ({ ticks }: Span, { width, height }: Size): Vega.Legend => ({
  fill: 'z',
  type: 'gradient',
  orient: 'none',
  legendX: width + 16,
  legendY: 0,
  direction: 'vertical',
  gradientLength: height,
  gradientThickness: 14,
  values: [...ticks],
  labelColor: ink,
  labelFontSize: sizes.tick,
  encode: { labels: { update: { text: { signal: 'zTexts[datum.value]' }, baseline: { value: 'middle' } } } },
});
