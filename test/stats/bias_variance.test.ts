import { Generator, linalg, randn, type Tensor, tensor } from 'adjoint';
import { biasVariance } from 'adjoint/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../message.js';

describe('biasVariance', () => {
  it('takes the error apart', () => {
    const { squaredBias, variance, noise, error } = biasVariance(
      [
        [1, 5],
        [3, 5],
      ],
      [0, 4],
      [
        [1, 4],
        [-1, 4],
      ],
    );
    expect([squaredBias, variance, noise, error]).toEqual([(4 + 1) / 2, 1 / 2, 1 / 2, (0 + 1 + 16 + 1) / 4]);
  });

  it('adds up of the truth itself', () => {
    const row = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 6 }), row, (predictions, truth) => {
        const { squaredBias, variance, noise, error } = biasVariance(predictions, truth);
        expect(noise).toBe(0);
        expect(squaredBias + variance).toBeCloseTo(error, 10);
      }),
    );
  });

  // Lecture notes 004, lines 2132–2230; lecture notes 000, line 681: polynomials of noisy samples of a sine.
  it('shows stiff models biased and supple ones variable, with the parts within 1 % of the error', () => {
    const [runs, samples, inputs, sigma] = [400, 25, 50, 0.3];
    const x = Array.from({ length: inputs }, (_, i) => (i + 0.5) / inputs);
    const f = (x: number): number => Math.sin(2 * Math.PI * x);
    const truth = x.map(f);
    const powers = (points: readonly number[], degree: number): Tensor =>
      tensor(
        points.map((point) => Array.from({ length: degree + 1 }, (_, k) => (2 * point - 1) ** k)),
        { dtype: 'float64' },
      );
    const noise = (n: number, generator: Generator): number[] =>
      [...randn([n], { dtype: 'float64', generator }).data()].map((e) => sigma * Number(e));

    const parts = [1, 3, 9].map((degree) => {
      const generator = new Generator(degree);
      const predictions = Array.from({ length: runs }, () => {
        const points = Array.from({ length: samples }, () => generator.next());
        const e = noise(samples, generator);
        const y = tensor(
          points.map((point, i) => [f(point) + e[i]]),
          { dtype: 'float64' },
        );
        const { solution } = linalg.lstsq(powers(points, degree), y);
        return [...powers(x, degree).matmul(solution).data()].map(Number);
      });
      const targets = predictions.map(() => noise(inputs, generator).map((e, i) => truth[i] + e));
      return biasVariance(predictions, truth, targets);
    });
    for (const { squaredBias, variance, noise, error } of parts) {
      expect(Math.abs((squaredBias + variance + noise) / error - 1)).toBeLessThan(0.01);
      expect(Math.abs(noise / sigma ** 2 - 1)).toBeLessThan(0.02);
    }
    const [line, cubic, ninth] = parts;
    // What the best line leaves of sin 2πx on 0 … 1: ∫ sin² − 12 (∫ x sin)² = 1/2 − 3/π².
    expect(Math.abs(line.squaredBias / (0.5 - 3 / Math.PI ** 2) - 1)).toBeLessThan(0.1);
    expect(line.squaredBias).toBeGreaterThan(10 * cubic.squaredBias);
    expect(ninth.variance).toBeGreaterThan(4 * cubic.variance);
    expect(cubic.error).toBeLessThan(Math.min(line.error, ninth.error));
  });

  it('refuses what does not fit', () => {
    const says =
      'ShapeError biasVariance: predictions, and targets where given, must be as many rows, two or more, of 2 inputs; got';
    expect(message(() => biasVariance([[1, 2]], [1, 2]))).toBe(`${says} 1 and 1 rows`);
    expect(message(() => biasVariance([[1, 2], [1]], [1, 2]))).toBe(`${says} a row of 1`);
    const rows = [
      [1, 2],
      [1, 3],
    ];
    expect(message(() => biasVariance(rows, [1, 2], [[1, 2]]))).toBe(`${says} 2 and 1 rows`);
    expect(message(() => biasVariance([[1, NaN], rows[0]], [1, 2]))).toBe(
      'ValueError biasVariance: scores must be finite numbers; got NaN at [1]',
    );
  });
});
