import { ValueError } from 'adjoint';
import { brierScore, calibrationError, reliabilityBins } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

// Confidences 0.95 twice, right; 0.85, wrong; 0.65, right.
const forecasts = { output: [0.95, 0.85, 0.65, 0.05], target: [1, 0, 1, 0] };

metricSpec('calibrationError', calibrationError({ bins: 10 }), {
  samples: [
    { ...forecasts, score: (0.1 + 0.85 + 0.35) / 4 },
    { output: forecasts.output.map((p) => [1 - p, p]), target: forecasts.target, score: (0.1 + 0.85 + 0.35) / 4 },
  ],
  errors: [
    {
      call: () => calibrationError({ bins: 0 }),
      says: new ValueError('calibrationError: bins must be a whole number ≥ 1; got 0'),
    },
  ],
});
metricSpec('calibrationError of logits', calibrationError({ logits: true, bins: 1 }), {
  samples: [
    {
      output: [
        [0, Math.log(3)],
        [0, Math.log(3)],
      ],
      target: [1, 0],
      score: 0.25,
    },
  ],
});

metricSpec('reliabilityBins', reliabilityBins({ bins: 4 }), {
  samples: [
    {
      ...forecasts,
      score: [
        { low: 0, high: 0.25, count: 0, confidence: NaN, accuracy: NaN },
        { low: 0.25, high: 0.5, count: 0, confidence: NaN, accuracy: NaN },
        { low: 0.5, high: 0.75, count: 1, confidence: 0.65, accuracy: 1 },
        { low: 0.75, high: 1, count: 3, confidence: 2.75 / 3, accuracy: 2 / 3 },
      ],
    },
  ],
  empty: [0, 1, 2, 3].map((bin) => ({
    low: bin / 4,
    high: (bin + 1) / 4,
    count: 0,
    confidence: NaN,
    accuracy: NaN,
  })),
});

metricSpec('brierScore', brierScore(), {
  samples: [
    // scikit-learn's own examples.
    { output: [0.1, 0.9, 0.8, 0.3], target: [0, 1, 1, 0], score: 0.0375 },
    {
      output: [
        [0.9, 0.1],
        [0.1, 0.9],
        [0.2, 0.8],
        [0.7, 0.3],
      ],
      target: [0, 1, 1, 0],
      score: 0.0375,
    },
    {
      output: [
        [0.8, 0.1, 0.1],
        [0.2, 0.2, 0.6],
      ],
      target: [0, 1],
      score: (0.06 + 1.04) / 2,
    },
  ],
});
