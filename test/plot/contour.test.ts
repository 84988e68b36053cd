import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../lib/core/errors.js';
import { contourChart, type Grid } from '../../lib/plot/index.js';
import { grid, pixel } from './svg.js';

const labels = { title: 'f', x: { label: 'x' }, y: { label: 'y' }, z: { label: 'f' } };

type Segment = [number, number, number, number];

const contours = (svg: string): { level: number; segments: Segment[] }[] =>
  [...svg.matchAll(/<path d="([^"]*)" stroke="#\w+" data-level="([^"]*)"\/>/g)].map(([, d, level]) => ({
    level: Number(level),
    segments: [...d.matchAll(/M([\d.-]+),([\d.-]+)L([\d.-]+),([\d.-]+)/g)].map(
      (m) => m.slice(1).map(Number) as Segment,
    ),
  }));

const span = (low: number, high: number, n = 41): number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const over = (x: number[], y: number[], f: (x: number, y: number) => number): Grid => ({
  x,
  y,
  values: y.map((v) => x.map((u) => f(u, v))),
});

describe('contourChart', () => {
  it('draws circles of x² + y² at their radii, closed', () => {
    const levels = [0.25, 1, 2.25];
    const svg = contourChart({ ...labels, levels, grid: over(span(-2, 2), span(-2, 2), (x, y) => x * x + y * y) });
    const drawn = contours(svg);
    expect(drawn.map(({ level }) => level)).toEqual(levels);
    const scale = { x: pixel(svg, 'x', 1) - pixel(svg, 'x', 0), y: pixel(svg, 'y', 1) - pixel(svg, 'y', 0) };
    for (const { level, segments } of drawn) {
      const ends = new Map<string, number>();
      for (const [x0, y0, x1, y1] of segments) {
        for (const [u, v] of [
          [x0, y0],
          [x1, y1],
        ]) {
          const r = Math.hypot((u - pixel(svg, 'x', 0)) / scale.x, (v - pixel(svg, 'y', 0)) / scale.y);
          expect(Math.abs(r - Math.sqrt(level))).toBeLessThan(0.01);
          ends.set(`${u},${v}`, (ends.get(`${u},${v}`) ?? 0) + 1);
        }
      }
      // Every point is where two segments meet.
      expect([...ends.values()].every((count) => count % 2 === 0)).toBe(true);
      expect(segments.length).toBeGreaterThan(30);
    }
  });

  it('ends contours only at the border, whatever the values', () => {
    fc.assert(
      fc.property(grid(), fc.double({ min: -50, max: 50, noNaN: true }), (grid, level) => {
        const svg = contourChart({ ...labels, levels: [level], grid });
        const ends = new Map<string, number>();
        for (const [x0, y0, x1, y1] of contours(svg)[0].segments) {
          for (const end of [`${x0},${y0}`, `${x1},${y1}`]) ends.set(end, (ends.get(end) ?? 0) + 1);
        }
        const border = { x: [68, 696], y: [44, 488] };
        for (const [end, count] of ends) {
          const [u, v] = end.split(',').map(Number);
          const near = (at: number, to: number[]) => to.some((edge) => Math.abs(at - edge) < 0.02);
          if (count % 2 === 1)
            expect(near(u, border.x) || near(v, border.y), `${end} of ${JSON.stringify(grid)}`).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('joins a saddle’s corners by the mean of its cell', () => {
    const cell = (values: number[][]) =>
      contours(contourChart({ ...labels, levels: [0], grid: { x: [0, 1], y: [0, 1], values } }))[0].segments;
    // Corners (0, 0) and (1, 1) are high. In the first they are joined: both segments go from bottom left to top right.
    const rising = cell([
      [3, -1],
      [-1, 3],
    ]);
    const falling = cell([
      [1, -3],
      [-3, 1],
    ]);
    const slopes = (segments: Segment[]) => segments.map(([x0, y0, x1, y1]) => Math.sign((x1 - x0) * (y0 - y1)));
    expect(slopes(rising)).toEqual([1, 1]);
    expect(slopes(falling)).toEqual([-1, -1]);
  });

  it('spreads levels over the range, by factors on a logarithmic scale', () => {
    const plane = over(span(0, 12, 5), span(0, 1, 5), (x) => x);
    expect(contours(contourChart({ ...labels, grid: plane })).map(({ level }) => level)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 0.5),
    );
    const z = { label: 'f', log: true };
    const powers = over(span(0, 12, 5), span(0, 1, 5), (x) => 10 ** x);
    const levels = contours(contourChart({ ...labels, z, grid: powers })).map(({ level }) => Math.log10(level));
    levels.forEach((level, i) => {
      expect(level).toBeCloseTo(i + 0.5, 9);
    });
    // Between grid points, a logarithmic function is exact: 10^x crosses 10^1.5 at 1.5.
    const svg = contourChart({ ...labels, z, grid: powers, levels: [10 ** 1.5, -1, 0] });
    expect(contours(svg).length).toBe(1);
    for (const [x0] of contours(svg)[0].segments) expect(Math.abs(x0 - pixel(svg, 'x', 1.5))).toBeLessThan(0.6);
  });

  it('draws paths over them, dotted at the end and cut off at the frame', () => {
    const points = [
      [0, 0],
      [1, 0.5],
      [99, 99],
    ] as const;
    const svg = contourChart({
      ...labels,
      grid: over(span(-2, 2), span(-2, 2), (x, y) => x * y),
      series: [
        { name: 'a <b>', points },
        { name: 'none', points: [] },
      ],
    });
    expect(svg).toContain('data-name="a &lt;b&gt;" data-points="[[0,0],[1,0.5],[99,99]]"');
    expect(svg).toMatch(/<g clip-path="url\(#area\)">.*<circle[^>]*\/><\/g>/);
    expect(svg.match(/<circle/g)?.length).toBe(1);
    const d =
      /data-points="[^"]*"><path d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)L/.exec(svg)?.slice(1).map(Number) ?? [];
    [pixel(svg, 'x', 0), pixel(svg, 'y', 0), pixel(svg, 'x', 1), pixel(svg, 'y', 0.5)].forEach((at, i) => {
      expect(Math.abs(d[i] - at)).toBeLessThan(0.6);
    });
  });

  it('passes by values that are missing, and refuses a grid that is none', () => {
    const holed = over(span(-1, 1, 9), span(-1, 1, 9), (x, y) => (x > 0 ? NaN : x * x + y * y));
    const svg = contourChart({ ...labels, grid: holed, levels: [0.5] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(contours(svg)[0].segments.every(([x0]) => x0 <= pixel(svg, 'x', 0) + 1)).toBe(true);
    expect(() => contourChart({ ...labels, grid: { x: [0, 1], y: [0, 1], values: [[1, 2]] } })).toThrow(
      new ShapeError('contourChart: values must be a row for each of 2 y and in it one for each of 2 x; got 1 rows'),
    );
  });
});
