import { createHash } from 'node:crypto';
import type * as Vega from 'vega';
import { checkArray, checkObject } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { importPeer } from '../core/peer.js';
import {
  axisOf,
  colourBar,
  colourScale,
  ink,
  longest,
  type Renderer,
  type Size,
  type Span,
  sizes,
  spanOf,
  widthOf,
} from './axes.js';
import { constants, drawn, type VegaMark } from './drawn.js';
import type { Mark, Range } from './marks.js';
import { printable, round } from './svg.js';

/* A figure is plain data, a frame and marks; this file alone knows that vega draws it. */

export interface Axis {
  /** With its unit; '' for none. */
  readonly label: string;
  /** Logarithmic, base 10; values ≤ 0 leave gaps. */
  readonly log?: boolean;
  /** First and last value; what is beyond is cut off. Default: those of what is drawn. */
  readonly domain?: Range;
  /** In place of numbers: what 0, 1, 2 … are called. */
  readonly names?: readonly string[];
  /** Where ticks are, in place of round numbers. */
  readonly ticks?: readonly number[];
  /** What those ticks are called, in place of their numbers. */
  readonly texts?: readonly string[];
  /** Begins at the top or the right: rows of a matrix. */
  readonly reversed?: boolean;
  /** Neither line nor ticks nor label. */
  readonly hidden?: boolean;
}

/** What colours mean, by the bar beside them. */
export interface ColourAxis extends Pick<Axis, 'label' | 'log' | 'domain'> {
  /** A colour scheme of vega's; default viridis, or blue over white to orange where values have both signs. */
  readonly scheme?: string;
}

/** An axis that only places what is drawn. */
export const hidden: Axis = { label: '', hidden: true };

/** What stands around a drawing. */
export interface Frame {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly z?: ColourAxis;
  /** The same length for the same step on both axes: no larger than `width` and `height` let it. */
  readonly equal?: boolean;
  /** Pixels of the whole picture; default 720 × 440. */
  readonly width?: number;
  readonly height?: number;
}

export interface Panel {
  readonly frame: Frame;
  readonly marks: readonly Mark[];
}

/** Colours that colour-blind readers can tell apart. Source: Okabe, Ito 2002, "Color Universal Design". */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

function checkPanel(op: string, { frame, marks }: Panel): void {
  checkObject(op, 'the frame', frame, ['title', 'x', 'y']);
  checkArray(op, 'marks', marks);
}

/**
 * Draws marks into a frame: a standalone SVG document, the same text for the same data. Needs the package vega.
 *
 *     await figure({ title: 'Loss', x: { label: 'step' }, y: { label: 'loss' } }, [{ kind: 'line', points }]);
 *
 * @throws StateError where vega is not installed; ValueError for a size that leaves no room
 */
export async function figure(frame: Frame, marks: readonly Mark[]): Promise<string> {
  checkPanel('figure', { frame, marks });
  const { title, width = 720, height = 440 } = frame;
  const vega = await load();
  return render(vega, title, { width, height }, [
    panelOf(vega, { frame, marks }, { x: 0, y: 0, width, height }, sizes.title),
  ]);
}

/**
 * Several figures side by side under one title; each as large as the largest of them, by default 240 × 200.
 *
 * @param options.columns  figures in a row; default as many as rows, or one more
 */
export async function figures(
  title: string,
  panels: readonly Panel[],
  options: { columns?: number } = {},
): Promise<string> {
  checkArray('figures', 'panels', panels);
  for (const panel of panels) checkPanel('figures', panel);
  const { columns = Math.ceil(Math.sqrt(panels.length)) } = options;
  const vega = await load();
  const largest = (side: 'width' | 'height', least: number): number =>
    Math.max(...panels.map(({ frame }) => frame[side] ?? least));
  const [width, height] = [largest('width', 240), largest('height', 200)];
  const top = title === '' ? 0 : 36;
  const whole = {
    width: Math.max(Math.min(columns, panels.length) * width, widthOf(title, sizes.title) + 20),
    height: top + Math.ceil(panels.length / columns) * height,
  };
  return render(vega, title, whole, [
    heading(title, whole.width / 2, 26, sizes.title),
    ...panels.map((panel, i) => {
      const place = { x: (i % columns) * width, y: top + Math.floor(i / columns) * height, width, height };
      return panelOf(vega, panel, place, sizes.label);
    }),
  ]);
}

const load = (): Promise<Renderer> => importPeer<Renderer>('plot', 'vega');

async function render(vega: Renderer, title: string, size: Size, marks: VegaMark[]): Promise<string> {
  const spec: Vega.Spec = {
    description: printable(title),
    ...size,
    padding: 0,
    autosize: 'none',
    background: '#fff',
    marks,
  };
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  // Vega counts ids over all of its pictures. Here they are made of what is drawn: several pictures fit into one page.
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 12);
  const ids = new Map<string, string>();
  const named = svg.replace(/(?<=<[^>]*(?:id="|url\(#))(?:clip|gradient_)\d+/g, (id) => {
    if (!ids.has(id)) ids.set(id, `a${digest}-${ids.size}`);
    return ids.get(id) as string;
  });
  // Hundredths of a pixel are seen by nobody, and half of the file.
  const rounded = named.replace(/ (?:d|transform|x|y|x2|y2|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => String(round(Number(digits)))),
  );
  return `${rounded}\n`;
}

const heading = (text: string, x: number, y: number, fontSize: number, align = 'center'): VegaMark => ({
  type: 'text',
  encode: { enter: constants({ x, y, text: printable(text), fontSize, align, fill: ink }) },
});

/** A panel as a group of vega's: its scales, axes, colour bar, marks and legend. */
function panelOf(
  vega: Renderer,
  { frame, marks }: Panel,
  place: Size & { readonly x: number; readonly y: number },
  titleSize: number,
): VegaMark {
  const { title, x, y, z } = frame;
  const horizontal = spanOf(vega, x, marks, 'x', Math.max(2, Math.round(place.width / 90)));
  const vertical = spanOf(vega, y, marks, 'y', Math.max(2, Math.round(place.height / 70)));
  const colours = z && spanOf(vega, z, marks, 'z', 5);
  const names = [...new Set(marks.flatMap((mark) => ('name' in mark && mark.name !== undefined ? [mark.name] : [])))];
  const legend = names.length === 0 ? 0 : 50 + longest(names);
  const bar =
    colours === undefined ? 0 : Math.max(48 + longest(colours.texts), 20 + widthOf(colours.label, sizes.tick));
  const slot = (place.width - 120 - legend - bar) / horizontal.texts.length;
  const slanted = longest(horizontal.texts) > 0.95 * slot;
  const axisRoom = { x: slanted ? 0.72 * longest(horizontal.texts) + 8 : 18, y: longest(vertical.texts) + 10 };
  const margin = {
    left: y.hidden ? 14 : axisRoom.y + (y.label === '' ? 8 : 30),
    right: 22 + legend + bar,
    top: title === '' ? 16 : titleSize + 26 + (z ? 12 : 0),
    bottom: x.hidden ? 14 : axisRoom.x + (x.label === '' ? 8 : 30),
  };
  const room = { width: place.width - margin.left - margin.right, height: place.height - margin.top - margin.bottom };
  if (!(room.width >= 20 && room.height >= 20)) {
    const got = `${Math.floor(room.width)} × ${Math.floor(room.height)} of ${place.width} × ${place.height}`;
    throw new ValueError(`plot: titles, labels and legends must leave 20 × 20 pixels; got ${got}; make it larger`);
  }
  const inner = { ...room };
  if (frame.equal === true) {
    const [across, up] = [horizontal, vertical].map(({ domain: [low, high] }) => high - low);
    const unit = Math.min(room.width / across, room.height / up);
    inner.width = unit * across;
    inner.height = unit * up;
  }
  const scaleOf = (name: 'x' | 'y', { domain, log, reversed }: Span, length: number): Vega.Scale => ({
    name,
    type: log ? 'log' : 'linear',
    domain: [...domain],
    range: (name === 'x') === reversed ? [length, 0] : [0, length],
    zero: false,
  });
  const colourOf = (mark: Mark): string =>
    ('colour' in mark && mark.colour) ||
    ('name' in mark && mark.name !== undefined ? palette[names.indexOf(mark.name) % palette.length] : '#777');
  const layers = marks.map((mark, i) => drawn(mark, `m${i}`, frame, colourOf(mark)));
  return {
    type: 'group',
    encode: {
      enter: constants({
        x: Math.round(place.x + margin.left + (room.width - inner.width) / 2),
        y: Math.round(place.y + margin.top + (room.height - inner.height) / 2),
        ...inner,
      }),
    },
    signals: [
      // By these, grid lines know how long they are.
      { name: 'width', value: inner.width },
      { name: 'height', value: inner.height },
      ...[horizontal, vertical, ...(colours === undefined ? [] : [colours])].map(({ ticks, texts }, i) => ({
        name: `${'xyz'[i]}Texts`,
        value: Object.fromEntries(ticks.map((tick, k) => [String(tick), texts[k]])),
      })),
    ],
    scales: [
      scaleOf('x', horizontal, inner.width),
      scaleOf('y', vertical, inner.height),
      ...(colours === undefined ? [] : [colourScale(colours, z?.scheme, marks)]),
    ],
    axes: [
      ...(x.hidden ? [] : [axisOf('x', horizontal, inner, axisRoom.x, slanted)]),
      ...(y.hidden ? [] : [axisOf('y', vertical, inner, axisRoom.y, false)]),
    ],
    legends: colours === undefined ? [] : [colourBar(colours, inner)],
    marks: [
      {
        type: 'group',
        clip: x.domain !== undefined || y.domain !== undefined,
        encode: { enter: constants(inner) },
        data: layers.flatMap(({ data }) => data),
        marks: layers.flatMap(({ marks }) => marks),
      },
      {
        type: 'group',
        marks: [
          heading(title, inner.width / 2, z ? -30 : -16, titleSize),
          ...(colours === undefined ? [] : [heading(colours.label, inner.width + 16, -13, sizes.tick, 'left')]),
          ...names.flatMap((name, i) => {
            // The strongest of a name stands for it.
            const [mark] = marks
              .filter((mark) => 'name' in mark && mark.name === name)
              .sort((a, b) => opacityOf(b) - opacityOf(a));
            return entry(mark, name, colourOf(mark), inner.width + bar + 14, 10 + 18 * i);
          }),
        ],
      },
    ],
  };
}

const opacityOf = (mark: Mark): number => ('opacity' in mark && mark.opacity) || 1;

/** A name in the legend: a stroke, a dot or a square, and the text. */
function entry(mark: Mark, name: string, colour: string, x: number, y: number): VegaMark[] {
  const text = { x: x + 24, y, text: printable(name), fontSize: sizes.tick, baseline: 'middle', fill: ink };
  const symbol: VegaMark =
    mark.kind === 'line'
      ? {
          type: 'rule',
          encode: {
            enter: constants({
              x,
              x2: x + 18,
              y,
              stroke: colour,
              strokeWidth: 2,
              strokeDash: mark.dashed ? [5, 4] : undefined,
            }),
          },
        }
      : {
          type: 'symbol',
          encode: {
            enter: constants({
              x: x + 9,
              y,
              fill: colour,
              size: 70,
              shape: mark.kind === 'dots' ? 'circle' : 'square',
            }),
          },
        };
  return [symbol, { type: 'text', encode: { enter: constants(text) } }];
}
