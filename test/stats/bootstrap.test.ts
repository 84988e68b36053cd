import { Generator, seed } from 'adjoint';
import { bootstrap, summarise } from 'adjoint/stats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { message } from '../message.js';

/** Efron's and Tibshirani's 1993, table 14.1: spatial test scores of 26 neurologically impaired children. */
const spatial = [
  ...[48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6],
  ...[0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41],
];
const mean = (values: number[]): number => summarise(values).mean;
const variance = (values: number[]): number => {
  const middle = mean(values);
  return mean(values.map((x) => (x - middle) ** 2));
};

it.each([
  // scipy 1.17.1's with 400,000 resamples; the first is 115.8 … 259.6 in its table 14.2.
  ['bca', variance, 115.47, 260.95, 41.83],
  ['percentile', variance, 97.86, 235.79, 41.83],
  ['bca', mean, 25.04, 33.58, 2.572],
  ['percentile', mean, 25.31, 33.77, 2.572],
] as const)('bootstrap finds the interval of scipy: %s', (method, statistic, low, high, standardError) => {
  const found = bootstrap(spatial, statistic, { method, confidence: 0.9, generator: new Generator(1) });
  expect(found.statistic).toBe(statistic(spatial));
  // An end is a quantile of 9999 numbers: two in a hundred off where they lie thin.
  expect(Math.abs(found.low / low - 1)).toBeLessThan(0.02);
  expect(Math.abs(found.high / high - 1)).toBeLessThan(0.02);
  expect(Math.abs(found.standardError / standardError - 1)).toBeLessThan(0.03);
});

it('bootstrap covers the truth as often as it says', () => {
  const generator = new Generator(2);
  let covered = 0;
  for (let i = 0; i < 300; i++) {
    // Skewed: of squares of uniform numbers, whose mean is 1/3.
    const sample = Array.from({ length: 30 }, () => generator.next() ** 2);
    const { low, high } = bootstrap(sample, mean, { resamples: 300, confidence: 0.9, generator });
    covered += Number(low <= 1 / 3 && 1 / 3 <= high);
  }
  // 270 expected, deviation 5.2, and small samples cover a little less.
  expect(covered).toBeGreaterThan(248);
  expect(covered).toBeLessThan(288);
});

it('bootstrap is the same of the same seed, and takes any examples', () => {
  const pairs = spatial.map((value, i) => ({ value, weight: i % 3 }));
  const weighted = (some: typeof pairs): number => some.reduce((sum, { value, weight }) => sum + value * weight, 0);
  const draw = () => bootstrap(pairs, weighted, { resamples: 50 });
  seed(7);
  const first = draw();
  expect(draw()).not.toEqual(first);
  seed(7);
  expect(draw()).toEqual(first);
});

it('bootstrap stays within what can be drawn', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 8 }),
      fc.constantFrom('bca', 'percentile'),
      (sample, method) => {
        const generator = new Generator(3);
        const largest = (values: number[]): number => Math.max(...values);
        const { low, high, statistic } = bootstrap(sample, largest, { resamples: 40, method, generator });
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
        expect(high).toBeLessThanOrEqual(statistic);
      },
    ),
  );
});

it('bootstrap of what never varies is a point', () => {
  const found = bootstrap([3, 3, 3], mean, { resamples: 20 });
  expect(found).toEqual({ statistic: 3, low: 3, high: 3, standardError: 0 });
});

it('bootstrap refuses what it cannot draw from', () => {
  const refusal = (sample: number[], options: object = {}): string => message(() => bootstrap(sample, mean, options));
  expect(refusal([1])).toBe('ValueError bootstrap: the sample must have at least two examples; got 1');
  expect(refusal([1, 2], { resamples: 0 })).toBe('ValueError bootstrap: resamples must be a whole number ≥ 1; got 0');
  expect(refusal([1, 2], { confidence: 1.1 })).toBe('ValueError bootstrap: confidence must be within 0 … 1; got 1.1');
  expect(refusal([1, 2], { method: 't' })).toBe("ValueError bootstrap: method must be 'bca' or 'percentile'; got 't'");
});
