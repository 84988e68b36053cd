import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ValueError } from '../../lib/core/errors.js';
import { lineChart } from '../../lib/plot/index.js';

const axes = { title: 'Loss', x: { label: 'step' }, y: { label: 'loss' } };

/** Pixels of the first drawn path: one list a piece. */
const pieces = (svg: string): [number, number][][] => {
  const d = /data-points="[^"]*"><path d="([^"]*)"/.exec(svg)?.[1] ?? '';
  return d
    .split('M')
    .slice(1)
    .map((piece) => piece.split('L').map((pair) => pair.split(',').map(Number) as [number, number]));
};
/** Where the ticks of an axis lie: pixel and value. */
const ticks = (svg: string, anchor: 'middle' | 'end') =>
  [...svg.matchAll(/<text stroke="none" x="([\d.]+)" y="([\d.]+)" text-anchor="(middle|end)">([^<]*)</g)]
    .filter((match) => match[3] === anchor)
    .map((match) => [
      anchor === 'middle' ? Number(match[1]) : Number(match[2]) - 4,
      Number(match[4].replaceAll(',', '')),
    ]);

it('draws every point where its value says, by the chart’s own ticks', () => {
  const point = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 2, maxLength: 20 }), (points) => {
      fc.pre(new Set(points.map(([x]) => x)).size > 1 && new Set(points.map(([, y]) => y)).size > 1);
      const svg = lineChart({ ...axes, series: [{ name: 'a', points }] });
      const [[x0, u0], [x1, u1]] = [ticks(svg, 'middle')[0], ticks(svg, 'middle').at(-1) as number[]];
      const [[y0, v0], [y1, v1]] = [ticks(svg, 'end')[0], ticks(svg, 'end').at(-1) as number[]];
      const [drawn] = pieces(svg);
      expect(drawn.length).toBe(points.length);
      points.forEach(([u, v], i) => {
        expect(Math.abs(drawn[i][0] - (x0 + ((u - u0) / (u1 - u0)) * (x1 - x0)))).toBeLessThan(1);
        expect(Math.abs(drawn[i][1] - (y0 + ((v - v0) / (v1 - v0)) * (y1 - y0)))).toBeLessThan(1);
      });
      const kept = /data-points="([^"]*)"/.exec(svg)?.[1] ?? '';
      expect(JSON.parse(kept)).toEqual(points);
    }),
  );
});

it('breaks the line where a value is missing', () => {
  const points = [
    [0, 1],
    [1, NaN],
    [2, 3],
    [3, 4],
    [4, Infinity],
    [5, 2],
  ] as const;
  expect(pieces(lineChart({ ...axes, series: [{ name: 'a', points }] })).map((piece) => piece.length)).toEqual([
    1, 2, 1,
  ]);
  const log = lineChart({
    ...axes,
    y: { label: 'loss', log: true },
    series: [
      {
        name: 'a',
        points: [
          [0, 1],
          [1, 0],
          [2, 100],
        ],
      },
    ],
  });
  expect(pieces(log).length).toBe(2);
  expect(ticks(log, 'end').map(([, value]) => value)).toEqual([1, 10, 100]);
});

it('draws the average over the faint raw line', () => {
  const svg = lineChart({
    ...axes,
    series: [
      {
        name: 'a',
        points: [
          [0, 0],
          [1, 10],
        ],
        smooth: 0.5,
      },
    ],
  });
  expect(svg.match(/stroke-opacity="0.25"/g)?.length).toBe(1);
  // (0.5 · 0 + 10) / 1.5 = 6.67 of 10
  const [, strong] = [...(/<path d="([^"]*)" stroke="#0072b2"\/><\/g>/.exec(svg) as RegExpExecArray)];
  expect(strong).toBe('M68,388L696,158.67');
});

it('labels zero without a sign', () => {
  const svg = lineChart({
    ...axes,
    series: [
      {
        name: 'a',
        points: [
          [-1, -1],
          [4, 4],
        ],
      },
    ],
  });
  expect(ticks(svg, 'end').map(([, value]) => value)).toEqual([-1, 0, 1, 2, 3, 4]);
  expect(svg).not.toContain('>-0<');
});

it('escapes text and stands without points', () => {
  const svg = lineChart({ ...axes, title: '<a> & "b"\u0001', series: [{ name: 'x<y', points: [] }] });
  expect(svg).toContain('>&lt;a&gt; &amp; &quot;b&quot;\ufffd</text>');
  expect(svg).toContain('data-name="x&lt;y" data-points="[]"');
  expect(svg).not.toContain('NaN');
  expect(lineChart({ ...axes, series: [{ name: 'one', points: [[3, 3]] }] })).not.toContain('NaN');
});

it('refuses a weight of the past of 1', () => {
  expect(() => lineChart({ ...axes, series: [{ name: 'a', points: [], smooth: 1 }] })).toThrow(
    new ValueError('lineChart: smooth must be in [0, 1); "a" has 1'),
  );
});

it('labels the powers of ten of a logarithmic axis as such', () => {
  const points = Array.from({ length: 12 }, (_, i) => [i, 10 ** (2 - i)] as const);
  const axes = { x: { label: 'step' }, y: { label: 'loss', log: true } };
  const svg = lineChart({ title: 'a', ...axes, series: [{ name: 'a', points }] });
  const labels = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(labels).toEqual(expect.arrayContaining(['1e-8', '1e-6']));
  expect(labels.filter((text) => text.includes('999'))).toEqual([]);
});

it('draws dots in place of a line, and none where a value is missing', () => {
  const points = [
    [0, 0],
    [1, NaN],
    [2, 10],
  ] as const;
  const svg = lineChart({ ...axes, series: [{ name: 'a', points, dots: true }] });
  const line = lineChart({ ...axes, series: [{ name: 'a', points }] });
  const drawn = /data-points="[^"]*"><path d="([^"]*)"/.exec(svg)?.[1] ?? '';
  expect(drawn.match(/M[\d.]+,[\d.]+h0/g)?.join('')).toBe(drawn);
  expect(drawn.replaceAll('h0', '')).toBe(
    pieces(line)
      .map(([[x, y]]) => `M${x},${y}`)
      .join(''),
  );
  expect(drawn.split('M').length - 1).toBe(2);
});
