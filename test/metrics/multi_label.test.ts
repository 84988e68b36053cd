import { ShapeError } from 'adjoint';
import { hammingLoss, oneError } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

metricSpec('oneError', oneError, {
  samples: [
    {
      output: [
        [0.9, 0.5, 0.1],
        [0.2, 0.1, 0.7],
        [0.4, 0.4, 0],
      ],
      target: [
        [1, 0, 0],
        [1, 1, 0],
        [0, 1, 1],
      ],
      score: 2 / 3,
    },
    // E writes −1 for a label that is not there.
    {
      output: [
        [0.9, 0.5],
        [0.2, 0.7],
      ],
      target: [
        [1, -1],
        [1, -1],
      ],
      score: 1 / 2,
    },
  ],
  errors: [
    {
      call: () => oneError([1], [1]),
      says: new ShapeError('oneError: output and target must be [n, q]; got [1]'),
    },
  ],
});
metricSpec('hammingLoss', hammingLoss(), {
  // scikit-learn's own example.
  samples: [
    {
      output: [
        [0, 0],
        [0, 0],
      ],
      target: [
        [0, 1],
        [1, 1],
      ],
      score: 0.75,
    },
  ],
});
metricSpec('hammingLoss of logits', hammingLoss({ threshold: 0 }), {
  samples: [
    {
      output: [
        [0.1, -1],
        [2, -3],
      ],
      target: [
        [0, 1],
        [1, 0],
      ],
      score: 0.5,
    },
  ],
});
