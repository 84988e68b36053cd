import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../lib/core/errors.js';
import { type Grid, heatMap } from '../../lib/plot/index.js';
import { grid, pixel, ticks } from './svg.js';

const labels = { title: 'u', x: { label: 't' }, y: { label: 'x' }, z: { label: 'u' } };

interface Cell {
  left: number;
  right: number;
  top: number;
  bottom: number;
  value: number;
  fill: string;
}

const cells = (svg: string): Cell[] =>
  [...svg.matchAll(/<path d="([^"]*)" fill="(#[0-9a-f]{6})" data-value="([^"]*)"\/>/g)].flatMap(([, d, fill, value]) =>
    [...d.matchAll(/M([\d.-]+),([\d.-]+)H([\d.-]+)V([\d.-]+)H[\d.-]+Z/g)].map((match) => {
      const [left, top, right, bottom] = match.slice(1).map(Number);
      return { left, top, right, bottom, value: Number(value), fill };
    }),
  );

/** The cell over a grid point, by the picture's own ticks. */
function cellAt(svg: string, x: number, y: number): Cell | undefined {
  const [u, v] = [pixel(svg, 'x', x), pixel(svg, 'y', y)];
  return cells(svg).find(({ left, right, top, bottom }) => left < u && u < right && top < v && v < bottom);
}

describe('heatMap', () => {
  it('shows every value in its place, to a 64th of the range', () => {
    fc.assert(
      fc.property(grid(), (grid) => {
        const svg = heatMap({ ...labels, grid });
        const all = grid.values.flat();
        let [low, high] = [Math.min(...all), Math.max(...all)];
        fc.pre(high - low > 1e-3);
        if (low < 0 && high > 0) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
        grid.values.forEach((row, i) => {
          row.forEach((value, j) => {
            const cell = cellAt(svg, grid.x[j], grid.y[i]);
            expect(Math.abs((cell?.value ?? NaN) - value)).toBeLessThanOrEqual((high - low) / 127.9);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  const values = [
    [-1, -0.5, 0, 0.5],
    [NaN, 0.5, Infinity, 4],
  ];
  const plain: Grid = { x: [0, 1, 2, 3], y: [0, 10], values };

  it('leaves gaps where a value is missing', () => {
    const svg = heatMap({ ...labels, grid: plain });
    expect(cellAt(svg, 0, 10)).toBeUndefined();
    expect(cellAt(svg, 2, 10)).toBeUndefined();
    expect(cellAt(svg, 3, 10)?.value).toBeCloseTo(4, 0);
    const log = heatMap({ ...labels, z: { label: 'u', log: true }, grid: plain });
    expect(cells(log).length).toBe(3);
    expect(
      heatMap({
        ...labels,
        grid: {
          ...plain,
          values: [
            [NaN, NaN, NaN, NaN],
            [NaN, NaN, NaN, NaN],
          ],
        },
      }),
    ).not.toMatch(/NaN|Infinity/);
  });

  it('gives values of both signs colours on both sides of white', () => {
    const svg = heatMap({ ...labels, grid: plain });
    const red = (cell?: Cell) => Number.parseInt(cell?.fill.slice(1, 3) ?? '', 16);
    const blue = (cell?: Cell) => Number.parseInt(cell?.fill.slice(5) ?? '', 16);
    expect(red(cellAt(svg, 0, 0))).toBeLessThan(blue(cellAt(svg, 0, 0)));
    expect(red(cellAt(svg, 3, 10))).toBeGreaterThan(blue(cellAt(svg, 3, 10)));
    expect(red(cellAt(svg, 2, 0))).toBeGreaterThan(230);
    expect(blue(cellAt(svg, 2, 0))).toBeGreaterThan(230);
  });

  it('has a colour bar whose ticks lie where their colours are', () => {
    const positive = {
      x: [0, 1],
      y: [0, 1],
      values: [
        [1, 10],
        [100, 1000],
      ],
    };
    const svg = heatMap({ ...labels, z: { label: '<u>', log: true }, grid: positive });
    const bar = [...svg.matchAll(/<text data-tick="([^"]*)" x="[\d.]+" y="([\d.]+)"/g)].map((match) =>
      match.slice(1).map(Number),
    );
    expect(bar.map(([tick]) => tick)).toEqual([1, 10, 100, 1000]);
    expect(bar[0][1] - bar[1][1]).toBeCloseTo(bar[2][1] - bar[3][1], 1);
    expect(svg).toContain('>&lt;u&gt;</text>');
    const rects = [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="14" height="[\d.]+" fill="(#\w+)"/g)];
    expect(rects.length).toBe(64);
    expect(rects[0][2]).toBe(cellAt(svg, 0, 0)?.fill);
    expect(rects[63][2]).toBe(cellAt(svg, 1, 1)?.fill);
    expect(ticks(svg, 'x').map(([, value]) => value)).toEqual([-0.5, 0, 0.5, 1, 1.5]);
  });

  it('refuses a grid that is none', () => {
    const make = (change: Partial<Grid>) => () => heatMap({ ...labels, grid: { ...plain, ...change } });
    expect(make({ x: [0, 1, 1, 2] })).toThrow(
      new ValueError('heatMap: x must be at least two ascending numbers; got 1 at 2'),
    );
    expect(make({ y: [0] })).toThrow(
      new ValueError('heatMap: y must be at least two ascending numbers; got 1 of them'),
    );
    expect(make({ y: [0, NaN] })).toThrow(
      new ValueError('heatMap: y must be at least two ascending numbers; got NaN at 1'),
    );
    expect(make({ values: [values[0]] })).toThrow(
      new ShapeError('heatMap: values must be a row for each of 2 y and in it one for each of 4 x; got 1 rows'),
    );
    expect(make({ values: [values[0], [1, 2]] })).toThrow(
      new ShapeError(
        'heatMap: values must be a row for each of 2 y and in it one for each of 4 x; got 2 values in row 1',
      ),
    );
  });
});
