import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strongWolfe, type Trial } from '../../../lib/optim/rule/strong_wolfe.js';

/** A function with its derivative along t. */
type Line = (t: number) => [value: number, slope: number];

function search(line: Line, first: number, options = {}) {
  const seen: Trial[] = [];
  const at = (t: number): Trial => {
    const [value, slope] = line(t);
    return { t, value, slope };
  };
  const start = at(0);
  const found = strongWolfe(
    (t) => {
      const trial = at(t);
      seen.push(trial);
      return trial;
    },
    start,
    first,
    options,
  );
  return { start, found, seen };
}

const sufficient = (start: Trial, { t, value }: Trial): boolean => value <= start.value + 1e-4 * t * start.slope;
const curved = (start: Trial, { slope }: Trial): boolean => Math.abs(slope) <= 0.9 * Math.abs(start.slope);

describe('the strong Wolfe line search', () => {
  it('meets both conditions on smooth functions that are bounded below', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    // a quartic bowl with a wave on it, which gives several minima
    const parameters = fc.tuple(
      number(0.1, 5),
      number(-5, 5),
      number(0, 3),
      number(0.1, 8),
      number(0, 6),
      number(-4, 3),
    );
    fc.assert(
      fc.property(parameters, ([a, m, b, w, p, exponent]) => {
        const f: Line = (t) => [
          a * (t - m) ** 4 + b * Math.sin(w * t + p),
          4 * a * (t - m) ** 3 + b * w * Math.cos(w * t + p),
        ];
        const towards = f(0)[1] > 0 ? -1 : 1;
        const line: Line = (t) => [f(towards * t)[0], towards * f(towards * t)[1]];
        fc.pre(Math.abs(f(0)[1]) > 1e-3);
        const { start, found, seen } = search(line, 10 ** exponent, { evaluations: 60 });
        expect(found).not.toBe(start);
        expect(sufficient(start, found)).toBe(true);
        expect(curved(start, found)).toBe(true);
        expect(seen).toContain(found);
        expect(seen.length).toBeLessThan(60);
      }),
      { numRuns: 1000 },
    );
  });

  it('never returns a point without a sufficient decrease, however few calls it has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: -6, max: 6, noNaN: true }),
        (evaluations, exponent) => {
          const line: Line = (t) => [(t - 1) ** 2 + Math.cos(9 * t), 2 * (t - 1) - 9 * Math.sin(9 * t)];
          const { start, found, seen } = search(line, 10 ** exponent, { evaluations });
          expect(seen.length).toBeLessThanOrEqual(evaluations);
          expect(found === start || sufficient(start, found)).toBe(true);
          expect(found.value).toBeLessThanOrEqual(
            Math.min(...seen.filter((trial) => sufficient(start, trial)).map(({ value }) => value), start.value),
          );
        },
      ),
    );
  });

  it('accepts the first trial where it is good, and goes to a cubic’s minimum where it is not', () => {
    const parabola: Line = (t) => [(t - 1) ** 2, 2 * (t - 1)];
    expect(search(parabola, 1).seen.map(({ t }) => t)).toEqual([1]);
    // Twice beyond, the parabola through both ends is exact.
    expect(search(parabola, 3).seen.map(({ t }) => t)).toEqual([3, 1]);
    // Far short of the minimum at 1, it goes on by a factor of at most 10.
    const short = search(parabola, 0.01);
    expect(short.seen.map(({ t }) => t)).toEqual([0.01, 0.1]);
  });

  it('comes back from values that are infinite or no number', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const { start, found } = search((t) => (t > 0.3 ? [bad, 0] : [-t, -1 + 3.3 * t]), 100);
      expect(sufficient(start, found)).toBe(true);
      expect(found.t).toBeLessThanOrEqual(0.3);
      expect(found.t).toBeGreaterThan(0);
    }
    const nan = search((t) => (t > 0 ? [NaN, NaN] : [1, -1]), 1);
    expect(nan.found).toBe(nan.start);
    expect(nan.seen.length).toBe(25);
  });

  it('gives up on a bracket that is too short', () => {
    const { start, found, seen } = search((t) => [t, -1], 1, { shortest: 1e-3 });
    expect(found).toBe(start);
    expect(seen.at(-1)?.t).toBeLessThanOrEqual(1e-3);
    expect(seen.at(-2)?.t).toBeGreaterThan(1e-3);
  });

  it('lets the slopes decide where values differ by their rounding alone', () => {
    const flat: Line = (t) => [1 + (t > 0 ? 1e-16 : 0), -1e-12 * (1 - t)];
    const coarse = (t: number): [number, number] => [flat(t)[0] + (t > 0 ? 4e-16 : 0), flat(t)[1]];
    expect(search(coarse, 1).found.t).toBe(0);
    expect(search(coarse, 1, { rounding: 1e-15 }).found.t).toBe(1);
  });
});
