import { dice, iou } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

// Masks of 2 × 2 pixels: of class 1 two are shared, three seen, three there.
const masks = {
  output: [
    [
      [1, 1],
      [1, 0],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  target: [
    [
      [1, 1],
      [0, 1],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ],
};

metricSpec('iou', iou(), { samples: [{ ...masks, score: 2 / 4 }] });
metricSpec('iou, mean', iou({ average: 'macro' }), { samples: [{ ...masks, score: (4 / 6 + 2 / 4) / 2 }] });
metricSpec('dice', dice(), { samples: [{ ...masks, score: 4 / 6 }] });
