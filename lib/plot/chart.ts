import { checkArray, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { type Axis, figure } from './figure.js';
import type { Mark, Point } from './marks.js';

/** One line of a chart, or one cloud of dots. */
export interface Series {
  readonly name: string;
  /** A y that is NaN or infinite leaves a gap. */
  readonly points: readonly Point[];
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

/**
 * A line chart as a standalone SVG document. Needs the package vega.
 *
 * @throws ValueError "lineChart: smooth must be in [0, 1); "loss" has 1"
 */
export async function lineChart(chart: LineChart): Promise<string> {
  const { series, ...frame } = given(chart);
  return figure(frame, marksOf('lineChart', series));
}

/** Series as marks, each under its name. */
export function marksOf(op: string, series: readonly Series[]): Mark[] {
  checkArray(op, 'series', series);
  return series.flatMap(({ name, points, smooth = 0, dots = false }): Mark[] => {
    if (!(smooth >= 0 && smooth < 1)) {
      throw new ValueError(`${op}: smooth must be in [0, 1); ${JSON.stringify(name)} has ${smooth}`);
    }
    const raw = { kind: dots ? ('dots' as const) : ('line' as const), name, points, ...(dots && { size: 4 }) };
    if (smooth === 0) return [raw];
    return [
      { ...raw, opacity: 0.25 },
      { kind: 'line', name, points: average(points, smooth) },
    ];
  });
}

/** Exponential moving average, corrected for its start as Adam's is; values that are no numbers leave it as it was. */
function average(points: readonly Point[], smooth: number): Point[] {
  let sum = 0;
  let weight = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    sum = smooth * sum + (1 - smooth) * y;
    weight = smooth * weight + (1 - smooth);
    return [x, sum / weight];
  });
}
