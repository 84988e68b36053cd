import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ValueError } from '../../lib/core/errors.js';
import { lineChart } from '../../lib/plot/index.js';
import { readOne } from './svg.js';

const axes = { title: 'Loss', x: { label: 'step' }, y: { label: 'loss' } };

it('draws every point where its value says, by the chart’s own ticks', async () => {
  const point = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }));
  await fc.assert(
    fc.asyncProperty(fc.array(point, { minLength: 2, maxLength: 20 }), fc.boolean(), async (points, dots) => {
      const [across, up] = [0, 1].map((k) => {
        const values = points.map((point) => point[k]);
        return Math.max(...values) - Math.min(...values);
      });
      fc.pre(across > 0 && up > 0);
      const { lines, dots: cloud } = readOne(await lineChart({ ...axes, series: [{ name: 'a', points, dots }] }));
      const drawn = dots ? cloud.map(({ at }) => at) : lines[0].pieces.flat();
      expect(drawn.length).toBe(points.length);
      points.forEach(([u, v], i) => {
        expect(Math.abs(drawn[i][0] - u)).toBeLessThan(2e-4 * across + 1e-9);
        expect(Math.abs(drawn[i][1] - v)).toBeLessThan(3e-4 * up + 1e-9);
      });
    }),
    { numRuns: 30 },
  );
});

it('says the same of the same data, in any order, and nothing twice on one page', async () => {
  const bounded = { ...axes, x: { label: 'step', domain: [0, 1] as const } };
  const chart = (title: string) =>
    lineChart({
      ...bounded,
      title,
      series: [
        {
          name: 'a',
          points: [
            [0, 1],
            [2, 3],
          ],
        },
      ],
    });
  const [first, second] = await Promise.all([chart('one'), chart('two')]);
  expect(await Promise.all([chart('two'), chart('one')])).toEqual([second, first]);
  const ids = [first, second].flatMap((svg) => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  expect(ids.length).toBe(2);
  expect(new Set(ids).size).toBe(2);
  for (const [i, svg] of [first, second].entries()) expect(svg).toContain(`clip-path="url(#${ids[i]})"`);
});

it('breaks the line where a value is missing', async () => {
  const points = [
    [0, 1],
    [1, NaN],
    [2, 3],
    [3, 4],
    [4, Infinity],
    [5, 2],
  ] as const;
  const [line] = readOne(await lineChart({ ...axes, series: [{ name: 'a', points }] })).lines;
  expect(line.pieces.map((piece) => piece.length)).toEqual([1, 2, 1]);
  const y = { label: 'loss', log: true };
  const powers = [
    [0, 1],
    [1, 0],
    [2, 100],
  ] as const;
  const log = readOne(await lineChart({ ...axes, y, series: [{ name: 'a', points: powers }] }));
  expect(log.lines[0].pieces.map((piece) => piece.length)).toEqual([1, 1]);
  expect(log.y?.ticks.map(({ text }) => text)).toEqual(['1', '10', '100']);
});

it('draws the average over the faint raw line', async () => {
  const points = [
    [0, 0],
    [1, 10],
  ] as const;
  const svg = await lineChart({ ...axes, series: [{ name: 'a', points, smooth: 0.5 }] });
  const { lines, beside } = readOne(svg);
  expect(svg.match(/opacity="0.25"/g)?.length).toBe(1);
  expect(lines[0].pieces).toEqual([
    [
      [0, 0],
      [1, 10],
    ],
  ]);
  // (0.5 · 0 + 10) / 1.5
  expect(lines[1].pieces[0][1][1]).toBeCloseTo(6.67, 2);
  expect(new Set(lines.map(({ stroke }) => stroke)).size).toBe(1);
  expect(beside).toEqual(['Loss', 'a']);
});

it('names lines in the legend, in colours of the palette', async () => {
  const series = ['training', 'test'].map((name, i) => ({
    name,
    points: [
      [0, i],
      [1, i],
    ] as const,
  }));
  const { lines, beside } = readOne(await lineChart({ ...axes, series }));
  expect(lines.map(({ name, stroke }) => [name, stroke])).toEqual([
    ['training', '#0072b2'],
    ['test', '#d55e00'],
  ]);
  expect(beside).toEqual(['Loss', 'training', 'test']);
});

it('labels zero without a sign, and large and small numbers shortly', async () => {
  const texts = async (last: number, log = false) => {
    const y = { label: 'loss', log };
    const points = [
      [0, log ? last ** -1 : -last],
      [1, last * 4],
    ] as const;
    return readOne(await lineChart({ ...axes, y, series: [{ name: 'a', points }] })).y?.ticks.map(({ text }) => text);
  };
  expect(await texts(1)).toEqual(['-1', '0', '1', '2', '3', '4']);
  expect(await texts(1e-6)).toEqual(['-1e-6', '0', '1e-6', '2e-6', '3e-6', '4e-6']);
  expect(await texts(2000)).toEqual(['-2,000', '0', '2,000', '4,000', '6,000', '8,000']);
  expect(await texts(1e8, true)).toEqual(['1e-8', '1e-6', '1e-4', '1e-2', '1e0', '1e2', '1e4', '1e6', '1e8']);
});

it('escapes text and stands without points', async () => {
  const svg = await lineChart({ ...axes, title: '<a> & "b"\u0001', series: [{ name: 'x<y', points: [] }] });
  expect(svg).toContain('>&lt;a&gt; &amp; "b"\ufffd</text>');
  for (const wrong of ['NaN', '\u0001']) expect(svg).not.toContain(wrong);
  expect(readOne(svg).beside).toEqual(['<a> & "b"\ufffd', 'x<y']);
  expect(await lineChart({ ...axes, series: [{ name: 'one', points: [[3, 3]] }] })).not.toContain('NaN');
});

it('refuses a weight of the past of 1, and a size without room', async () => {
  await expect(lineChart({ ...axes, series: [{ name: 'a', points: [], smooth: 1 }] })).rejects.toThrow(
    new ValueError('lineChart: smooth must be in [0, 1); "a" has 1'),
  );
  await expect(lineChart({ ...axes, series: [], width: 90, height: 100 })).rejects.toThrow(
    new ValueError('plot: titles, labels and legends must leave 20 × 20 pixels; got 8 × 6 of 90 × 100; make it larger'),
  );
});
