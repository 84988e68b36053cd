import { randn, ShapeError, type Tensor } from 'adjoint';
import { explainedVariance, meanAbsoluteError, meanSquaredError, r2, rootMeanSquaredError } from 'adjoint/metrics';
import { expect, test } from 'vitest';
import { metricSpec } from '../metric_spec.js';

// scikit-learn's own examples.
const one = { output: [2.5, 0, 2, 8], target: [3, -0.5, 2, 7] };
const two = {
  output: [
    [0, 2],
    [-1, 2],
    [8, -5],
  ],
  target: [
    [0.5, 1],
    [-1, 1],
    [7, -6],
  ],
};

metricSpec('meanAbsoluteError', meanAbsoluteError, {
  samples: [
    { ...one, score: 0.5 },
    { ...two, score: 0.75 },
  ],
  errors: [
    {
      call: () => meanAbsoluteError([1, 2], [[1, 2]]),
      says: new ShapeError('meanAbsoluteError: output and target must be of one shape; got [2] and [1, 2]'),
    },
  ],
});
metricSpec('meanSquaredError', meanSquaredError, {
  samples: [
    { ...one, score: 0.375 },
    { ...two, score: 4.25 / 6 },
  ],
});
metricSpec('rootMeanSquaredError', rootMeanSquaredError, { samples: [{ ...one, score: Math.sqrt(0.375) }] });

const mean = (of: readonly number[]) => of.reduce((sum, x) => sum + x, 0) / of.length;
const spread = (of: readonly number[]) => of.reduce((sum, x) => sum + (x - mean(of)) ** 2, 0);
const columns = [0, 1].map((j) => two.target.map((row) => row[j]));

metricSpec('r2', r2, {
  samples: [
    { ...one, score: 1 - 1.5 / spread(one.target) },
    { ...two, score: (1 - 1.25 / spread(columns[0]) + 1 - 3 / spread(columns[1])) / 2 },
    { output: [1, 1], target: [1, 1], score: 1 },
    { output: [1, 2], target: [1, 1], score: 0 },
    { output: [3], target: [3], score: NaN },
    // Constant, though no mean of such numbers is exact.
    { output: [0.1, 0.2, 0.3], target: [0.1, 0.1, 0.1], score: 0 },
    // A large mean costs no digits.
    { output: [1e8 + 1, 1e8 + 2, 1e8 + 4], target: [1e8 + 1, 1e8 + 2, 1e8 + 3], score: 0.5 },
  ],
});
metricSpec('explainedVariance', explainedVariance, {
  samples: [
    { ...one, score: 1 - spread([0.5, -0.5, 0, -1]) / spread(one.target) },
    // A constant error costs nothing.
    { output: [2, 3, 5], target: [1, 2, 4], score: 1 },
  ],
});

test.each([[40000], [700, 3], [5, 200], [1100, 65]])('r2 of %j is that of its columns', (...shape) => {
  const [output, target]: Tensor[] = [randn(shape), randn(shape).add(3)];
  const rest = shape.slice(1);
  const left = target.sub(output).to('float64').square().sum(0);
  const all = target.to('float64').sub(target.to('float64').mean(0)).square().sum(0);
  const scores = left.div(all).neg().add(1).reshape(rest);
  expect(r2(output, target)).toBeCloseTo(scores.mean().item(), 6);
  expect(r2(target, target)).toBe(1);
});

test.each([r2, explainedVariance])('a score of NaN is NaN, also where the target is constant', (score) => {
  expect(score([NaN, 1], [1, 1])).toBeNaN();
  expect(score([NaN, 1], [1, 2])).toBeNaN();
  expect(score([1, 1], [NaN, 2])).toBeNaN();
});
