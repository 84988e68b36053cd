import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../lib/core/errors.js';
import { type Grid, heatMap } from '../../lib/plot/index.js';
import { grid, type ReadPanel, readOne } from './svg.js';

const labels = { title: 'u', x: { label: 't' }, y: { label: 'x' }, z: { label: 'u' } };

/** The cell over a grid point, by the picture's own ticks. */
const cellAt = ({ boxes }: ReadPanel, u: number, v: number) =>
  boxes.find(({ x, y }) => x[0] < u && u < x[1] && y[0] < v && v < y[1]);
const lightness = (fill = ''): number =>
  [...fill.matchAll(/\d+/g)].reduce((sum, [channel]) => sum + Number(channel), 0);

describe('heatMap', () => {
  it('shows every value in its place, by the colour bar', async () => {
    await fc.assert(
      fc.asyncProperty(grid(), async (grid) => {
        const all = grid.values.flat();
        let [low, high] = [Math.min(...all), Math.max(...all)];
        fc.pre(high - low > 1e-3);
        if (low < 0 && high > 0) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
        const picture = readOne(await heatMap({ ...labels, grid }));
        grid.values.forEach((row, i) => {
          row.forEach((value, j) => {
            const { fill = '' } = cellAt(picture, grid.x[j], grid.y[i]) ?? {};
            expect(Math.abs(picture.valueOf(fill) - value)).toBeLessThanOrEqual((high - low) / 30);
          });
        });
      }),
      { numRuns: 25 },
    );
  });

  const values = [
    [-1, -0.5, 0, 0.5],
    [NaN, 0.5, Infinity, 4],
  ];
  const plain: Grid = { x: [0, 1, 2, 3], y: [0, 10], values };

  it('leaves gaps where a value is missing', async () => {
    const picture = readOne(await heatMap({ ...labels, grid: plain }));
    expect(cellAt(picture, 0, 10)).toBeUndefined();
    expect(cellAt(picture, 2, 10)).toBeUndefined();
    expect(picture.valueOf(cellAt(picture, 3, 10)?.fill ?? '')).toBeCloseTo(4, 0);
    const log = readOne(await heatMap({ ...labels, z: { label: 'u', log: true }, grid: plain }));
    expect(log.boxes.length).toBe(3);
    const none = await heatMap({ ...labels, grid: { ...plain, values: values.map((row) => row.map(() => NaN)) } });
    expect(none).not.toMatch(/NaN|Infinity/);
    expect(readOne(none).boxes).toEqual([]);
  });

  it('gives values of both signs colours on both sides of white', async () => {
    const picture = readOne(await heatMap({ ...labels, grid: plain }));
    const fill = (u: number) => cellAt(picture, u, 0)?.fill;
    expect(lightness(fill(2))).toBeGreaterThan(700);
    for (const u of [0, 1, 3]) expect(lightness(fill(u))).toBeLessThan(lightness(fill(2)));
    const [below, above] = [fill(0), fill(3)].map((text) => [...(text ?? '').matchAll(/\d+/g)].map(Number));
    expect(below[2]).toBeGreaterThan(below[0]);
    expect(above[0]).toBeGreaterThan(above[2]);
    expect([picture.bar[0].text, picture.bar.at(-1)?.text]).toEqual(['-4', '4']);
  });

  it('makes one cell of neighbours that look the same', async () => {
    const flat = [...Array(50).keys()].map((i) => (i < 49 ? 1 + i * 1e-6 : 2));
    const picture = readOne(
      await heatMap({ ...labels, grid: { x: [...flat.keys()], y: [0, 1], values: [flat, flat] } }),
    );
    expect(picture.boxes.length).toBe(4);
  });

  it('labels the colour bar where its colours are', async () => {
    const powers = {
      x: [0, 1],
      y: [0, 1],
      values: [
        [1, 10],
        [100, 1000],
      ],
    };
    const picture = readOne(await heatMap({ ...labels, z: { label: '<u>', log: true }, grid: powers }));
    expect(picture.bar.map(({ text }) => text)).toEqual(['1', '10', '100', '1,000']);
    const [a, b, c, d] = picture.bar.map(({ at }) => at);
    for (const step of [b - c, c - d]) expect(step).toBeCloseTo(a - b, 1);
    expect(picture.beside).toEqual(['u', '<u>']);
    for (const [i, row] of powers.values.entries()) {
      for (const [j, value] of row.entries()) {
        const read = picture.valueOf(cellAt(picture, j, i)?.fill ?? '', true);
        expect(Math.abs(Math.log10(read) - Math.log10(value))).toBeLessThan(0.1);
      }
    }
    expect(picture.x?.ticks.map(({ text }) => text).slice(0, 2)).toEqual(['-0.4', '-0.2']);
  });

  it('refuses a grid that is none', async () => {
    const refuses = async (change: Partial<Grid>, error: Error) =>
      expect(heatMap({ ...labels, grid: { ...plain, ...change } })).rejects.toThrow(error);
    const ascending = (axis: string, got: string) =>
      new ValueError(`heatMap: ${axis} must be at least two ascending numbers; got ${got}`);
    await refuses({ x: [0, 1, 1, 2] }, ascending('x', '1 at 2'));
    await refuses({ y: [0] }, ascending('y', '1 of them'));
    await refuses({ y: [0, NaN] }, ascending('y', 'NaN at 1'));
    const fitting = (got: string) =>
      new ShapeError(`heatMap: values must be a row for each of 2 y and in it one for each of 4 x; got ${got}`);
    await refuses({ values: [values[0]] }, fitting('1 rows'));
    await refuses({ values: [values[0], [1, 2]] }, fitting('2 values in row 1'));
  });
});
