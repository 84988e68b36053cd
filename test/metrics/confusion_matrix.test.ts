import { ShapeError, ValueError } from 'adjoint';
import {
  accuracy,
  accuracyOf,
  classScores,
  confusionMatrix,
  f1,
  normalised,
  precision,
  ratesOf,
  recall,
} from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { expectNear, metricSpec } from '../metric_spec.js';

const truth = [0, 0, 0, 1, 1, 2];
const predicted = [0, 0, 1, 1, 0, 1];
const matrix = confusionMatrix({ classes: 3 })(predicted, truth);

metricSpec('confusionMatrix', confusionMatrix({ classes: 3 }), {
  samples: [
    {
      output: predicted,
      target: truth,
      score: { counts: Int32Array.of(2, 1, 0, 1, 1, 0, 0, 1, 0), classes: 3, rows: 'truth' },
    },
  ],
  empty: { counts: new Int32Array(9), classes: 3, rows: 'truth' },
  errors: [
    {
      call: () => confusionMatrix()([], [0]),
      says: new ShapeError(
        'confusionMatrix: output must be scores [n, c, …] or classes [n, …], and target classes [n, …]; got [0] and [1]',
      ),
    },
    {
      call: () => confusionMatrix({ classes: 2 })([0, 2], [0, 1]),
      says: new ValueError('confusionMatrix: a class must be a whole number from 0 to 1; output[1] is 2'),
    },
    {
      call: () => confusionMatrix({ classes: 0 }),
      says: new ValueError('confusionMatrix: classes must be a whole number ≥ 1; got 0'),
    },
    {
      call: () => ratesOf(matrix, 3),
      says: new ValueError('ratesOf: a class must be a whole number from 0 to 2; positive[0] is 3'),
    },
  ],
});

it('grows with the classes that occur', () => {
  const { counts, classes } = confusionMatrix()([0, 3], [1, 3]);
  expect([classes, counts[4], counts[15]]).toEqual([4, 1, 1]);
  const grown = confusionMatrix();
  expect(grown.merge(grown.count([0], [1]), grown.count([2], [2]))).toEqual({
    classes: 3,
    counts: [0, 0, 0, 1, 0, 0, 0, 0, 1],
  });
});

it('has the truth in columns where it is asked to, and means the same', () => {
  const turned = confusionMatrix({ classes: 3, rows: 'predicted' })(predicted, truth);
  expect([...turned.counts]).toEqual([2, 1, 0, 1, 1, 1, 0, 0, 0]);
  expect(classScores(turned)).toEqual(classScores(matrix));
  expect(ratesOf(turned)).toEqual(ratesOf(matrix));
  expect(accuracyOf(turned)).toBe(accuracyOf(matrix));
});

it('knows the part on its diagonal', () => {
  expect(accuracyOf(matrix)).toBe(3 / 6);
  expect(accuracyOf(confusionMatrix({ classes: 2 })([], []))).toBeNaN();
});

it('scores each class, NaN where there is nothing to divide by', () => {
  expect(classScores(matrix)).toEqual([
    { precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 },
    { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, support: 2 },
    { precision: NaN, recall: 0, f1: 0, support: 1 },
  ]);
});

it('can be shares of what is true, of what was predicted, of all', () => {
  expectNear(normalised(matrix, 'truth'), [
    [2 / 3, 1 / 3, 0],
    [1 / 2, 1 / 2, 0],
    [0, 1, 0],
  ]);
  expectNear(normalised(matrix, 'predicted'), [
    [2 / 3, 1 / 3, NaN],
    [1 / 3, 1 / 3, NaN],
    [0, 1 / 3, NaN],
  ]);
  expect(normalised(matrix, 'all')[0][0]).toBe(2 / 6);
  const turned = confusionMatrix({ classes: 3, rows: 'predicted' })(predicted, truth);
  expectNear(normalised(turned, 'truth')[0], [2 / 3, 1 / 2, 0]);
});

it('has the ratios of the face detector, lecture notes 004, lines 1648–1674, whose specificity is 0.9661, not 0.9659', () => {
  const counts = Int32Array.of(99790, 3505, 9, 96);
  const rates = ratesOf({ counts, classes: 2, rows: 'truth' });
  const rounded = Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, Number(rate.toPrecision(4))]));
  expect(rounded).toEqual({
    truePositives: 96,
    falsePositives: 3505,
    falseNegatives: 9,
    trueNegatives: 99790,
    prevalence: 0.001015,
    accuracy: 0.966,
    precision: 0.02666,
    falseDiscoveryRate: 0.9733,
    falseOmissionRate: 0.00009018,
    negativePredictiveValue: 0.9999,
    sensitivity: 0.9143,
    falsePositiveRate: 0.03393,
    falseNegativeRate: 0.08571,
    specificity: 0.9661,
    positiveLikelihoodRatio: 26.94,
    negativeLikelihoodRatio: 0.08872,
    diagnosticOddsRatio: 303.7,
    // Line 1674 prints 0.0519, of rounded factors.
    f1: 0.05181,
  });
});

it('lecture notes 000, line 1156: nine of ten are right of a model that never sees the one galaxy', () => {
  const [output, target] = [new Array(10).fill(0), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]];
  const rates = ratesOf(confusionMatrix({ classes: 2 })(output, target));
  expect(rates).toMatchObject({ truePositives: 0, falseNegatives: 1, trueNegatives: 9, falsePositives: 0 });
  expect([accuracy(output, target), rates.accuracy]).toEqual([0.9, 0.9]);
  expect([recall()(output, target), rates.sensitivity]).toEqual([0, 0]);
  // 0 of 0.
  expect([precision()(output, target), f1()(output, target), rates.precision]).toEqual([0, 0, NaN]);
});
