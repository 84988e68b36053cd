import type * as Vega from 'vega';
import { encodePng } from '../io/png.js';
import type { Axis, Frame } from './figure.js';
import { isShown, type Mark, type Point } from './marks.js';
import { printable } from './svg.js';

/* A mark in vega's words. */

export type VegaMark = Vega.Mark;

/** A mark's rows of data, under its own name, and how vega draws them. */
export interface Layer {
  readonly data: Vega.Data[];
  readonly marks: VegaMark[];
}

/** Values that are the same for all rows. */
export const constants = (values: Readonly<Record<string, unknown>>): Record<string, any> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]])),
  );
const onX = (field: string): Vega.NumericValueRef => ({ scale: 'x', field });
const onY = (field: string): Vega.NumericValueRef => ({ scale: 'y', field });

export function drawn(mark: Mark, source: string, frame: Frame, colour: string): Layer {
  const layer = (values: object[], ...marks: Omit<VegaMark, 'from'>[]): Layer => ({
    data: [{ name: source, values }],
    marks: marks.map((one) => ({ ...one, from: { data: source } }) as VegaMark),
  });
  const { x, y, z } = frame;
  const common = {
    description: 'name' in mark && mark.name !== undefined ? printable(mark.name) : undefined,
    opacity: 'opacity' in mark ? mark.opacity : undefined,
  };

  switch (mark.kind) {
    case 'line': {
      const { width = 1.8, dashed = false, fill } = mark;
      return layer(rowsOf(mark.points, x, y), {
        type: 'line',
        encode: {
          enter: {
            ...constants({ ...common, strokeWidth: width, strokeDash: dashed ? [5, 4] : undefined, fill }),
            ...constants({ strokeCap: 'round', strokeJoin: 'round' }),
            stroke: mark.z === undefined ? { value: colour } : { scale: 'z', value: mark.z },
            x: onX('x'),
            y: onY('y'),
            defined: { field: 'shown' },
            ...(fill !== undefined && constants({ interpolate: 'linear-closed' })),
          },
        },
      });
    }
    case 'dots': {
      const { size = 6 } = mark;
      const rows = rowsOf(mark.points, x, y).map((row, i) => ({ ...row, z: mark.z?.[i] }));
      return layer(
        rows.filter(({ shown }) => shown),
        {
          type: 'symbol',
          encode: {
            enter: {
              ...constants({ ...common, shape: 'circle', size: size ** 2, stroke: '#fff', strokeWidth: 0.5 }),
              fill: mark.z === undefined ? { value: colour } : { scale: 'z', field: 'z' },
              x: onX('x'),
              y: onY('y'),
            },
          },
        },
      );
    }
    case 'cells': {
      const shown = mark.cells.filter((cell) => isShown(cell.z, z));
      const rows = shown.map(({ x: [x1, x2], y: [y1, y2], z, text = '' }) => ({ x1, x2, y1, y2, z, text }));
      const middle = (axis: 'x' | 'y'): Vega.NumericValueRef => ({
        signal: `(scale('${axis}', datum.${axis}1) + scale('${axis}', datum.${axis}2)) / 2`,
      });
      const texts: Omit<VegaMark, 'from'> = {
        type: 'text',
        encode: {
          enter: {
            ...constants({ align: 'center', baseline: 'middle', fontSize: 11 }),
            x: middle('x'),
            y: middle('y'),
            text: { field: 'text' },
            fill: { signal: "luminance(scale('z', datum.z)) > 0.35 ? '#000' : '#fff'" },
          },
        },
      };
      const cells: Omit<VegaMark, 'from'> = {
        type: 'rect',
        encode: {
          // Half a pixel under the next cell: edges side by side let the white below them through.
          enter: {
            x: onX('x1'),
            x2: { ...onX('x2'), offset: x.reversed ? -0.5 : 0.5 },
            y: onY('y1'),
            y2: { ...onY('y2'), offset: y.reversed ? 0.5 : -0.5 },
            fill: { scale: 'z', field: 'z' },
          },
        },
      };
      return rows.some(({ text }) => text !== '') ? layer(rows, cells, texts) : layer(rows, cells);
    }
    case 'bars': {
      const rows = mark.bars.map(({ x: [x1, x2], height }) => ({ x1, x2, height }));
      return layer(
        rows.filter(({ height }) => isShown(height, y)),
        {
          type: 'rect',
          encode: {
            enter: {
              ...constants({ ...common, fill: colour, stroke: '#fff', strokeWidth: 0.5 }),
              x: onX('x1'),
              x2: onX('x2'),
              y: onY('height'),
              y2: { scale: 'y', value: 0 },
            },
          },
        },
      );
    }
    case 'band': {
      const rows = mark.points.map(([u, low, high]) => {
        const shown = isShown(u, x) && isShown(low, y) && isShown(high, y);
        return shown ? { shown, x: u, low, high } : { shown };
      });
      return layer(rows, {
        type: 'area',
        encode: {
          enter: {
            ...constants({ ...common, fill: colour, fillOpacity: 0.2 }),
            x: onX('x'),
            y: onY('low'),
            y2: onY('high'),
            defined: { field: 'shown' },
          },
        },
      });
    }
    case 'labels': {
      const { align = 'middle', offset: [dx, dy] = [0, 0], size = 11 } = mark;
      const at = { left: 'left', middle: 'center', right: 'right' }[align];
      const rows = mark.labels.map(({ at: [u, v], text }) => ({ x: u, y: v, text: printable(text) }));
      const text = (style: Readonly<Record<string, unknown>>): Omit<VegaMark, 'from'> => ({
        type: 'text',
        encode: {
          enter: {
            ...constants({ ...style, align: at, baseline: 'middle', dx, dy, fontSize: size }),
            x: onX('x'),
            y: onY('y'),
            text: { field: 'text' },
          },
        },
      });
      const ink = text({ ...common, fill: mark.colour ?? '#333' });
      return mark.halo
        ? layer(rows, text({ stroke: '#fff', strokeWidth: 3, strokeJoin: 'round' }), ink)
        : layer(rows, ink);
    }
    case 'raster': {
      const url = `data:image/png;base64,${Buffer.from(encodePng(mark.pixels)).toString('base64')}`;
      const [[x1, x2], [y1, y2]] = [mark.x, mark.y];
      return layer([{ x1, x2, y1, y2, url }], {
        type: 'image',
        encode: {
          enter: {
            ...constants({ aspect: false, smooth: false }),
            x: onX('x1'),
            x2: onX('x2'),
            y: onY('y1'),
            y2: onY('y2'),
            url: { field: 'url' },
          },
        },
      });
    }
  }
}

const rowsOf = (points: readonly Point[], x: Axis, y: Axis) =>
  points.map(([u, v]) => (isShown(u, x) && isShown(v, y) ? { shown: true, x: u, y: v } : { shown: false }));
