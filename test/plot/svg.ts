import fc from 'fast-check';
import type { Point } from '../../lib/plot/index.js';

/* Reads pictures back: geometry through the scales that a picture's own axes state. */

export interface ReadAxis {
  label: string;
  type: string;
  /** Pixel and text. */
  ticks: { at: number; text: string }[];
  domain: [number, number];
  value: (pixel: number) => number;
}

export interface ReadPanel {
  x?: ReadAxis | undefined;
  y?: ReadAxis | undefined;
  /** Of every line its pieces, in values. */
  lines: { name: string; stroke: string; dashed: boolean; pieces: Point[][]; fill: string }[];
  dots: { name: string; fill: string; at: Point; size: number }[];
  /** Rectangles with a name are bars, those without cells. */
  boxes: { name: string; fill: string; x: [number, number]; y: [number, number] }[];
  bands: { name: string; points: Point[] }[];
  images: { href: string; x: [number, number]; y: [number, number] }[];
  texts: { text: string; at: Point; fill: string }[];
  /** What is written beside it: the title, what colours mean, the names of the legend. */
  beside: string[];
  /** The value that a colour has in the colour bar. */
  valueOf: (colour: string, log?: boolean) => number;
  bar: { at: number; text: string }[];
}

const number = (text: string): number => Number(text.replaceAll(',', '').replace('−', '-'));
const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const pairs = (text: string): Point[] =>
  [...text.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

/** The groups that stand for figures, in their order. */
export function read(svg: string): ReadPanel[] {
  const pieces = svg.split('<g class="mark-group role-scope"').slice(1);
  return pieces.flatMap((piece, i) => (i % 3 === 0 ? [panel(piece, pieces[i + 1], pieces[i + 2], svg)] : []));
}

export const readOne = (svg: string): ReadPanel => read(svg)[0];

function panel(outside: string, inside: string, beside: string, svg: string): ReadPanel {
  const axes = outside.split('<g class="mark-group role-axis"').slice(1);
  const [x, y] = ['X', 'Y'].map((letter) => {
    const found = axes.find((text) => text.includes(`aria-label="${letter}-axis`));
    return found === undefined ? undefined : axis(found, letter === 'X');
  });
  const place = ([u, v]: Point): Point => [x?.value(u) ?? u, y?.value(v) ?? v];
  const marks = [...inside.matchAll(/<g class="mark-(\w+) role-mark[^>]*[^/>]>(.*?)<\/g>/gs)];
  const items = (kind: string, element: string) =>
    marks
      .filter(([, type]) => type === kind)
      .flatMap(([, , text]) => [...text.matchAll(new RegExp(`<${element} ([^>]*)(?:/>|>([^<]*)</${element}>)`, 'g'))])
      .map(([, attributes, text]) => ({
        get: (name: string) => unescape(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''),
        text: unescape(text ?? ''),
      }));
  const [labels] = /role-legend-label.*?<\/g>/s.exec(beside) ?? [''];
  const bar = [...labels.matchAll(/translate\([\d.]+,([\d.]+)\)[^>]*>([^<]*)</g)].map(([, at, text]) => ({
    at: Number(at) - 3,
    text,
  }));
  return {
    x,
    y,
    lines: items('line', 'path').map(({ get }) => ({
      name: get('aria-label'),
      stroke: get('stroke'),
      dashed: get('stroke-dasharray') !== '',
      fill: get('fill'),
      pieces: get('d')
        .split('M')
        .slice(1)
        .map((piece) => pairs(piece).map(place)),
    })),
    dots: items('symbol', 'path').map(({ get }) => ({
      name: get('aria-label'),
      fill: get('fill'),
      at: place(pairs(get('transform'))[0]),
      size: 2 * pairs(get('d'))[0][0],
    })),
    boxes: items('rect', 'path').map(({ get }) => {
      const [, left, top, width, height] = /M([\d.-]+),([\d.-]+)h([\d.-]+)v([\d.-]+)/.exec(get('d'))?.map(Number) ?? [];
      const [[x1, y1], [x2, y2]] = [place([left, top + height]), place([left + width, top])];
      return { name: get('aria-label'), fill: get('fill'), x: [x1, x2], y: [y1, y2] };
    }),
    bands: items('area', 'path').map(({ get }) => ({ name: get('aria-label'), points: pairs(get('d')).map(place) })),
    images: items('image', 'image').map(({ get }) => {
      const [[left, top]] = pairs(get('transform'));
      const [x1, y1] = place([left, top + Number(get('height'))]);
      const [x2, y2] = place([left + Number(get('width')), top]);
      return { href: get('(?:xlink:)?href'), x: [x1, x2], y: [y1, y2] };
    }),
    texts: items('text', 'text').map(({ get, text }) => ({
      text,
      at: place(pairs(get('transform'))[0]),
      fill: get('fill'),
    })),
    beside: [...beside.split('role-legend')[0].matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => unescape(text)),
    bar,
    valueOf: (colour, log = false) => valueOf(bar, shareOf(beside, svg, colour), log),
  };
}

function axis(text: string, across: boolean): ReadAxis {
  const [, label = '', type, from, to] =
    /aria-label="[XY]-axis(?: titled '(.*?)')? for a (\w+) scale with values from (\S+) to ([^\s"]+)"/.exec(text) ?? [];
  const domain: [number, number] = [number(from), number(to)];
  const [, startX, startY, dx, dy] =
    /role-axis-domain"[^>]*><line transform="translate\(([\d.-]+),([\d.-]+)\)" x2="([\d.-]+)" y2="([\d.-]+)"/
      .exec(text)
      ?.map(Number) ?? [];
  const [start, length] = across ? [startX, dx] : [startY, dy];
  const [labels] = /role-axis-label.*?<\/g>/s.exec(text) ?? [''];
  const ticks = [...labels.matchAll(/translate\((-?[\d.]+),(-?[\d.]+)\)[^>]*>([^<]*)</g)];
  // The baseline of a text stands below its tick by as much on all of them.
  const read = ticks.map(([, u, v, text]) => ({ at: across ? Number(u) : Number(v) - 3, text: unescape(text) }));
  // What vega says of the domain is rounded, so that numbers on ticks tell more, where there are some.
  const [first, last] = [read[0], read[read.length - 1]];
  const told = read.length > 1 && read.every(({ text }) => !Number.isNaN(number(text)));
  const ends = told
    ? [first, last].map(({ at, text }) => [at, number(text)] as const)
    : ([
        [start, domain[0]],
        [start + length, domain[1]],
      ] as const);
  return { label: unescape(label), type, ticks: read, domain, value: (pixel) => between(ends, pixel, type === 'log') };
}

/** The value at a pixel of a scale of which two places are known. */
function between([[p, a], [q, b]]: readonly (readonly [number, number])[], pixel: number, log: boolean): number {
  const [low, high] = log ? [Math.log(a), Math.log(b)] : [a, b];
  const at = low + ((pixel - p) / (q - p)) * (high - low);
  return log ? Math.exp(at) : at;
}

const valueOf = (bar: ReadPanel['bar'], at: number, log: boolean): number =>
  between(
    [bar[0], bar[bar.length - 1]].map(({ at, text }) => [at, number(text)] as const),
    at,
    log,
  );

/** Where on the colour bar a colour is, by the gradient that fills it, between the two of its stops that lie nearest. */
function shareOf(beside: string, svg: string, colour: string): number {
  const [, height, id] = /role-legend-gradient.*?h14v([\d.]+).*?url\(#([^)]*)\)/s.exec(beside) ?? [];
  const [gradient] = new RegExp(`<linearGradient id="${id}".*?</linearGradient>`, 's').exec(svg) ?? [''];
  const rgb = (text: string): number[] => [...text.matchAll(/\d+/g)].map(Number);
  const stops = [...gradient.matchAll(/offset="([\d.e-]+)" stop-color="([^"]*)"/g)].map(([, offset, stop]) => ({
    offset: Number(offset),
    colour: rgb(stop),
  }));
  const wanted = rgb(colour);
  let [best, share] = [Infinity, NaN];
  for (let i = 0; i + 1 < stops.length; i++) {
    for (let k = 0; k <= 20; k++) {
      const mixed = stops[i].colour.map((c, channel) => c + (k / 20) * (stops[i + 1].colour[channel] - c));
      const away = Math.hypot(...mixed.map((c, channel) => c - wanted[channel]));
      if (away >= best) continue;
      best = away;
      share = stops[i].offset + (k / 20) * (stops[i + 1].offset - stops[i].offset);
    }
  }
  return Number(height) * (1 - share);
}

/** Grids of values −100 … 100 over ascending whole numbers. */
export const grid = () =>
  fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })).chain(([columns, rows]) => {
    const steps = (count: number) =>
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: count, maxLength: count }).map((gaps) => {
        let at = -5;
        return gaps.map((gap) => (at += gap));
      });
    const row = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: columns, maxLength: columns });
    return fc.record({
      x: steps(columns),
      y: steps(rows),
      values: fc.array(row, { minLength: rows, maxLength: rows }),
    });
  });
