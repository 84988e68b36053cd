import fc from 'fast-check';

/** Reads pictures back. */

/** Where the ticks of an axis lie: pixel and value. */
export const ticks = (svg: string, axis: 'x' | 'y'): [pixel: number, value: number][] =>
  [...svg.matchAll(/<text stroke="none" x="([\d.]+)" y="([\d.]+)" text-anchor="(middle|end)">([^<]*)</g)]
    .filter(([, , , anchor]) => (anchor === 'middle') === (axis === 'x'))
    .map(([, x, y, , text]) => [axis === 'x' ? Number(x) : Number(y) - 4, Number(text.replaceAll(',', ''))]);

/** The pixel of a value on a linear axis, by its first and its last tick. */
export function pixel(svg: string, axis: 'x' | 'y', value: number): number {
  const all = ticks(svg, axis);
  const [p, u] = all[0];
  const [q, v] = all[all.length - 1];
  return p + ((value - u) / (v - u)) * (q - p);
}

/** Grids of values −100 … 100 over ascending whole numbers. */
export const grid = () =>
  fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })).chain(([columns, rows]) => {
    const steps = (count: number) =>
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: count, maxLength: count }).map((gaps) => {
        let at = -5;
        return gaps.map((gap) => (at += gap));
      });
    const row = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: columns, maxLength: columns });
    return fc.record({
      x: steps(columns),
      y: steps(rows),
      values: fc.array(row, { minLength: rows, maxLength: rows }),
    });
  });
