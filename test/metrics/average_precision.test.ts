import { averagePrecision, precisionRecallCurve } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

// scikit-learn's own example.
const four = { output: [0.1, 0.4, 0.35, 0.8], target: [0, 0, 1, 1] };

metricSpec('precisionRecallCurve', precisionRecallCurve, {
  samples: [
    {
      ...four,
      score: {
        precision: [0.5, 2 / 3, 0.5, 1, 1],
        recall: [1, 1, 0.5, 0.5, 0],
        thresholds: [0.1, 0.35, 0.4, 0.8],
      },
    },
    { output: [0.2], target: [0], score: { precision: [0, 1], recall: [1, 0], thresholds: [0.2] } },
  ],
  empty: { precision: [1], recall: [0], thresholds: [] },
});

metricSpec('averagePrecision', averagePrecision, {
  samples: [
    { ...four, score: 0.5 + 0.5 * (2 / 3) },
    { output: [0.2, 0.1], target: [0, 0], score: 0 },
    {
      // Of the classes 1, 1 / 3 and 1.
      output: [
        [0.7, 0.2, 0.1],
        [0.3, 0.1, 0.3],
        [0.2, 0.2, 0.6],
      ],
      target: [0, 1, 2],
      score: (1 + 1 / 3 + 1) / 3,
    },
    {
      output: [
        [0.9, 0.1],
        [0.3, 0.7],
      ],
      target: [0, 1],
      score: 1,
    },
  ],
});
