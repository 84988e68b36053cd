import { checkFunction, checkObject } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { type ContourChart, contourChart } from '../contour.js';
import { extentOf, type Point, type Range } from '../marks.js';

export interface PathChartOptions extends Partial<Pick<ContourChart, 'title' | 'levels' | 'width' | 'height'>> {
  /** What is drawn of the plane; default the paths and a fifth of their span around them. */
  range?: { readonly x: Range; readonly y: Range };
  /** Levels by equal factors; the function is > 0. Default false. */
  log?: boolean;
}

/**
 * The ways of optimisers over the contours of what they minimise.
 *
 *     await pathChart((x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, { SGD: points, Adam: others }, { log: true });
 *
 * @param f      of the two parameters; asked at 121 × 121 points
 * @param paths  by name, where an optimiser was
 * @throws ValueError  "pathChart: paths must have points; got none"
 */
export async function pathChart(
  f: (x: number, y: number) => number,
  paths: Readonly<Record<string, readonly Point[]>>,
  { title = 'Paths', range, log = false, ...options }: PathChartOptions = {},
): Promise<string> {
  checkFunction('pathChart', 'f', f);
  checkObject('pathChart', 'paths', paths);
  const points = Object.values(paths).flat();
  const steps = (axis: 'x' | 'y'): number[] => {
    const values = extentOf({ kind: 'dots', points }, axis).filter(Number.isFinite);
    if (values.length === 0) throw new ValueError('pathChart: paths must have points; got none');
    const [first, last] = [Math.min(...values), Math.max(...values)];
    const margin = (last - first) / 5 || 1;
    const [low, high] = range?.[axis] ?? [first - margin, last + margin];
    return Array.from({ length: 121 }, (_, i) => low + ((high - low) * i) / 120);
  };
  const [x, y] = [steps('x'), steps('y')];
  return contourChart({
    title,
    x: { label: 'x' },
    y: { label: 'y' },
    z: { label: 'f', log },
    grid: { x, y, values: y.map((v) => x.map((u) => f(u, v))) },
    series: Object.entries(paths).map(([name, points]) => ({ name, points })),
    ...options,
  });
}
