import { ShapeError, ValueError } from 'adjoint';
import { auc, detCurve, rocAuc, rocCurve } from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { metricSpec } from '../metric_spec.js';

// scikit-learn's own example, of every curve.
const four = { output: [0.1, 0.4, 0.35, 0.8], target: [0, 0, 1, 1] };

metricSpec('rocCurve', rocCurve(), {
  samples: [
    {
      ...four,
      score: {
        falsePositiveRate: [0, 0, 0.5, 0.5, 1],
        truePositiveRate: [0, 0.5, 0.5, 1, 1],
        thresholds: [Infinity, 0.8, 0.4, 0.35, 0.1],
      },
    },
    // Points on a line are left out, equal scores are one threshold.
    {
      output: [0.9, 0.8, 0.7, 0.7, 0.2],
      target: [1, 1, 1, 0, 0],
      score: {
        falsePositiveRate: [0, 0, 0, 0.5, 1],
        truePositiveRate: [0, 1 / 3, 2 / 3, 1, 1],
        thresholds: [Infinity, 0.9, 0.8, 0.7, 0.2],
      },
    },
    {
      output: [
        [0, 5],
        [0, 4],
        [0, 3],
        [0, 2],
      ],
      target: [1, 1, 1, 0],
      score: { falsePositiveRate: [0, 0, 0, 1], truePositiveRate: [0, 1 / 3, 1, 1], thresholds: [Infinity, 5, 3, 2] },
    },
  ],
  empty: { falsePositiveRate: [NaN], truePositiveRate: [NaN], thresholds: [Infinity] },
  errors: [
    {
      call: () => rocCurve()([[1, 2, 3]], [0]),
      says: new ShapeError('rocCurve: output must be one score an example, [n], [n, 1] or [n, 2]; got 3 each'),
    },
    {
      call: () => rocCurve()([1, 2], [0]),
      says: new ShapeError('rocCurve: output must be [n] or [n, c] with c ≥ 1, and target [n]; got [2] and [1]'),
    },
    {
      call: () => rocCurve()([1, 2], [0, 2]),
      says: new ValueError('rocCurve: a class must be a whole number from 0 to 1; target[1] is 2'),
    },
    {
      call: () => rocCurve()([1, NaN], [0, 1]),
      says: new ValueError('rocCurve: scores must be numbers that can be compared; output[1] is NaN'),
    },
  ],
});

metricSpec('detCurve', detCurve, {
  samples: [
    {
      ...four,
      score: { falsePositiveRate: [0.5, 0.5, 0], falseNegativeRate: [0, 0.5, 0.5], thresholds: [0.35, 0.4, 0.8] },
    },
  ],
  empty: { falsePositiveRate: [], falseNegativeRate: [], thresholds: [] },
});

metricSpec('rocAuc', rocAuc(), {
  samples: [
    { ...four, score: 0.75 },
    { output: four.output.map((score) => [1 - score, score]), target: four.target, score: 0.75 },
    { output: [0.5, 0.5, 0.5], target: [0, 1, 1], score: 0.5 },
    { output: [0.5, 0.7], target: [1, 1], score: NaN },
    // An area of 1 is a threshold without any error: lecture notes 004, line 1693.
    { output: [-3, 2, 5, 1], target: [0, 1, 1, 0], score: 1 },
  ],
});

// Of class 0 against the rest 3.5 of 4 pairs are in order, of class 1 two of 3, of class 2 all.
const three = {
  output: [
    [0.7, 0.2, 0.1],
    [0.3, 0.4, 0.3],
    [0.2, 0.2, 0.6],
    [0.3, 0.5, 0.2],
  ],
  target: [0, 1, 2, 0],
};
metricSpec('rocAuc, ovr', rocAuc(), { samples: [{ ...three, score: (3.5 / 4 + 2 / 3 + 1) / 3 }] });
metricSpec('rocAuc, ovr, weighted', rocAuc({ average: 'weighted' }), {
  samples: [{ ...three, score: (2 * (3.5 / 4) + 2 / 3 + 1) / 4 }],
});
// Of the pair 0, 1 half of 1.5 / 2 and 1 / 2; of the others all.
metricSpec('rocAuc, ovo', rocAuc({ multiClass: 'ovo' }), { samples: [{ ...three, score: (0.625 + 1 + 1) / 3 }] });
metricSpec('rocAuc, ovo, weighted', rocAuc({ multiClass: 'ovo', average: 'weighted' }), {
  samples: [{ ...three, score: (3 * 0.625 + 3 + 2) / 8 }],
});

it('keeps every point where it is asked to', () => {
  const { thresholds } = rocCurve({ dropIntermediate: false })([5, 4, 3, 2], [1, 1, 1, 0]);
  expect(thresholds).toEqual([Infinity, 5, 4, 3, 2]);
});

it('auc takes an axis that falls', () => {
  expect(auc([0, 1, 3], [0, 1, 1])).toBe(2.5);
  expect(auc([3, 1, 0], [1, 1, 0])).toBe(2.5);
});

it('refuses batches of other classes', () => {
  const metric = rocAuc();
  const parts = [metric.count([[1, 2, 3]], [0]), metric.count([[1, 2]], [0])];
  expect(() => metric.merge(parts[0], parts[1])).toThrow(
    new ShapeError('rocAuc: batches must have equally many classes; got 3 and 2'),
  );
});
