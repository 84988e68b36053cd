import { ShapeError, ValueError } from 'adjoint';
import { topKAccuracy } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

const output = [
  [0.5, 0.2, 0.2],
  [0.3, 0.4, 0.2],
  [0.2, 0.4, 0.3],
  [0.7, 0.2, 0.1],
];

metricSpec('topKAccuracy, 2', topKAccuracy({ k: 2 }), {
  samples: [
    // scikit-learn's own example.
    { output, target: [0, 1, 2, 2], score: 0.75 },
    // Of equal scores the first counts.
    { output, target: [2, 0, 0, 1], score: 0.5 },
    { output: [[NaN, 1]], target: [0], score: 0 },
  ],
  errors: [
    { call: () => topKAccuracy({ k: 0 }), says: new ValueError('topKAccuracy: k must be a whole number ≥ 1; got 0') },
    {
      call: () => topKAccuracy()([[1, 2]], [0, 1]),
      says: new ShapeError('topKAccuracy: output must be [n, c] and target [n]; got [1, 2] and [2]'),
    },
    {
      call: () => topKAccuracy()([[1, 2]], [2]),
      says: new ValueError('topKAccuracy: a class must be a whole number from 0 to 1; target[0] is 2'),
    },
  ],
});
