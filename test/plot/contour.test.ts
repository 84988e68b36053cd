import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../lib/core/errors.js';
import { contourChart, type Grid, type Point } from '../../lib/plot/index.js';
import { grid, type ReadPanel, readOne } from './svg.js';

const labels = { title: 'f', x: { label: 'x' }, y: { label: 'y' }, z: { label: 'f' } };

const span = (low: number, high: number, n = 41): number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const over = (x: number[], y: number[], f: (x: number, y: number) => number): Grid => ({
  x,
  y,
  values: y.map((v) => x.map((u) => f(u, v))),
});
/** Lines that have no name are contours. */
const contours = ({ lines }: ReadPanel): Point[][][] =>
  lines.filter(({ name }) => name === '').map(({ pieces }) => pieces);
const key = ([u, v]: Point): string => `${u.toFixed(9)},${v.toFixed(9)}`;
const endsOf = (segments: Point[][]): Map<string, number> => {
  const ends = new Map<string, number>();
  for (const end of segments.flat()) ends.set(key(end), (ends.get(key(end)) ?? 0) + 1);
  return ends;
};

describe('contourChart', () => {
  it('draws circles of x² + y² at their radii, closed', async () => {
    const levels = [0.25, 1, 2.25];
    const picture = readOne(
      await contourChart({ ...labels, levels, grid: over(span(-2, 2), span(-2, 2), (x, y) => x * x + y * y) }),
    );
    const drawn = contours(picture);
    expect(drawn.length).toBe(3);
    drawn.forEach((segments, i) => {
      for (const [u, v] of segments.flat())
        expect(Math.abs(Math.hypot(u, v) - Math.sqrt(levels[i]))).toBeLessThan(0.01);
      // Every point is where two segments meet.
      expect([...endsOf(segments).values()].every((count) => count % 2 === 0)).toBe(true);
      expect(segments.length).toBeGreaterThan(30);
    });
    // The colours say the levels.
    for (const [i, { stroke }] of picture.lines.entries()) {
      expect(Math.abs(picture.valueOf(stroke) - levels[i])).toBeLessThan(0.05);
    }
  });

  it('ends contours only at the border, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(grid(), fc.double({ min: -50, max: 50, noNaN: true }), async (grid, level) => {
        const [segments = []] = contours(readOne(await contourChart({ ...labels, levels: [level], grid })));
        const ends = endsOf(segments);
        for (const [end, count] of ends) {
          const [u, v] = end.split(',').map(Number);
          const near = (at: number, points: readonly number[]) =>
            [points[0], points[points.length - 1]].some((edge) => Math.abs(at - edge) < 0.002);
          if (count % 2 === 1)
            expect(near(u, grid.x) || near(v, grid.y), `${end} of ${JSON.stringify(grid)}`).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('joins a saddle’s corners by the mean of its cell', async () => {
    const cell = async (values: number[][]) =>
      contours(readOne(await contourChart({ ...labels, levels: [0], grid: { x: [0, 1], y: [0, 1], values } })))[0];
    // Corners (0, 0) and (1, 1) are high. In the first they are joined: both segments go from bottom left to top right.
    const rising = await cell([
      [3, -1],
      [-1, 3],
    ]);
    const falling = await cell([
      [1, -3],
      [-3, 1],
    ]);
    const slopes = (segments: Point[][]) => segments.map(([[x0, y0], [x1, y1]]) => Math.sign((x1 - x0) * (y1 - y0)));
    expect(slopes(rising)).toEqual([1, 1]);
    expect(slopes(falling)).toEqual([-1, -1]);
  });

  it('spreads levels over the range, by factors on a logarithmic scale', async () => {
    const plane = over(span(0, 12, 5), span(0, 1, 5), (x) => x);
    const places = (drawn: Point[][][]) => drawn.map((segments) => segments[0][0][0]);
    for (const [i, u] of places(contours(readOne(await contourChart({ ...labels, grid: plane })))).entries()) {
      expect(Math.abs(u - (i + 0.5))).toBeLessThan(0.01);
    }
    // Between grid points, a logarithmic function is exact: 10^x crosses 10^1.5 at 1.5.
    const z = { label: 'f', log: true };
    const powers = over(span(0, 12, 5), span(0, 1, 5), (x) => 10 ** x);
    const steps = places(contours(readOne(await contourChart({ ...labels, z, grid: powers }))));
    expect(steps.length).toBe(12);
    for (const [i, u] of steps.entries()) expect(Math.abs(u - (i + 0.5))).toBeLessThan(0.01);
    const one = await contourChart({ ...labels, z, grid: powers, levels: [10 ** 1.5, -1, 0] });
    expect(contours(readOne(one)).length).toBe(1);
  });

  it('draws paths over them, dotted at the end and cut off at the frame', async () => {
    const points = [
      [0, 0],
      [1, 0.5],
      [99, 99],
    ] as const;
    const svg = await contourChart({
      ...labels,
      grid: over(span(-2, 2), span(-2, 2), (x, y) => x * y),
      series: [
        { name: 'a <b>', points },
        { name: 'none', points: [] },
      ],
    });
    const { lines, dots, beside, x, y } = readOne(svg);
    const [path] = lines.filter(({ name }) => name === 'a <b>');
    path.pieces[0].forEach(([u, v], i) => {
      expect(Math.abs(u - points[i][0])).toBeLessThan(0.01);
      expect(Math.abs(v - points[i][1])).toBeLessThan(0.01);
    });
    expect(dots.map(({ name, fill }) => [name, fill])).toEqual([['a <b>', path.stroke]]);
    expect(svg).toContain(' clip-path="url(#');
    expect([x?.domain, y?.domain]).toEqual([
      [-2, 2],
      [-2, 2],
    ]);
    expect(beside).toEqual(['f', 'f', 'a <b>', 'none']);
  });

  it('passes by values that are missing, and refuses a grid that is none', async () => {
    const holed = over(span(-1, 1, 9), span(-1, 1, 9), (x, y) => (x > 0 ? NaN : x * x + y * y));
    const svg = await contourChart({ ...labels, grid: holed, levels: [0.5] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(
      contours(readOne(svg))[0]
        .flat()
        .every(([u]) => u <= 0.001),
    ).toBe(true);
    await expect(contourChart({ ...labels, grid: { x: [0, 1], y: [0, 1], values: [[1, 2]] } })).rejects.toThrow(
      new ShapeError('contourChart: values must be a row for each of 2 y and in it one for each of 2 x; got 1 rows'),
    );
  });
});
