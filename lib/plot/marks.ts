import type { Pixels } from '../io/png.js';

/* What is drawn, as plain data in the units of the axes; a value that is NaN or infinite leaves a gap. */

export type Point = readonly [x: number, y: number];
/** From and to. */
export type Range = readonly [low: number, high: number];

interface Common {
  /** In the legend, and a colour of the palette's; marks of one name share both. Default: in neither, grey. */
  readonly name?: string;
  /** CSS; in place of the palette's. */
  readonly colour?: string;
  /** 0 … 1; default 1. */
  readonly opacity?: number;
}

export interface Line extends Common {
  readonly kind: 'line';
  readonly points: readonly Point[];
  /** Its colour by the frame's z, in place of the palette's. */
  readonly z?: number;
  readonly dashed?: boolean;
  /** Pixels; default 1.8. */
  readonly width?: number;
  /** Joins the ends, and fills what is between, with this colour; 'none' leaves it open to what is below. */
  readonly fill?: string;
}

export interface Dots extends Common {
  readonly kind: 'dots';
  readonly points: readonly Point[];
  /** Their colours by the frame's z, one a point. */
  readonly z?: ArrayLike<number>;
  /** Diameter in pixels; default 6. */
  readonly size?: number;
}

/** Rectangles in colours of the frame's z, with a text in the middle if they have one. */
export interface Cells {
  readonly kind: 'cells';
  readonly cells: readonly { readonly x: Range; readonly y: Range; readonly z: number; readonly text?: string }[];
}

/** From 0 up to their heights. */
export interface Bars extends Common {
  readonly kind: 'bars';
  readonly bars: readonly { readonly x: Range; readonly height: number }[];
}

/** What lies between two lines. */
export interface Band extends Common {
  readonly kind: 'band';
  readonly points: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Labels extends Common {
  readonly kind: 'labels';
  readonly labels: readonly { readonly at: Point; readonly text: string }[];
  /** Which part of a text its point is. Default 'middle'. */
  readonly align?: 'left' | 'middle' | 'right';
  /** Pixels from the point to the right, and down. Default none. */
  readonly offset?: Point;
  /** Pixels; default 11. */
  readonly size?: number;
  /** White around the letters, over pictures. */
  readonly halo?: boolean;
}

/** A picture; its first row is at the end of `y`. */
export interface Raster {
  readonly kind: 'raster';
  readonly pixels: Pixels;
  readonly x: Range;
  readonly y: Range;
}

export type Mark = Line | Dots | Cells | Bars | Band | Labels | Raster;

/** The values of a mark on an axis: what it spans, if nothing else is asked for. */
export function extentOf(mark: Mark, axis: 'x' | 'y' | 'z'): readonly number[] {
  const at = axis === 'x' ? 0 : 1;
  if (axis === 'z') {
    if (mark.kind === 'cells') return mark.cells.map(({ z }) => z);
    if (mark.kind === 'line') return mark.z === undefined ? [] : [mark.z];
    return mark.kind === 'dots' && mark.z !== undefined ? Array.from(mark.z) : [];
  }
  switch (mark.kind) {
    case 'line':
    case 'dots':
      return mark.points.map((point) => point[at]);
    case 'cells':
      return mark.cells.flatMap((cell) => cell[axis]);
    case 'bars':
      return mark.bars.flatMap(({ x, height }) => (axis === 'x' ? x : [0, height]));
    case 'band':
      return mark.points.flatMap(([x, low, high]) => (axis === 'x' ? [x] : [low, high]));
    case 'labels':
      return mark.labels.map((label) => label.at[at]);
    case 'raster':
      return mark[axis];
  }
}

/** Whether a value has a place on an axis. */
export const isShown = (value: number, axis: { readonly log?: boolean } | undefined): boolean =>
  Number.isFinite(value) && (axis?.log !== true || value > 0);
