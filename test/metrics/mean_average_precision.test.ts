import { ShapeError, ValueError } from 'adjoint';
import { type Boxes, boxIou, type Detections, meanAveragePrecision } from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { metricSpec } from '../metric_spec.js';

// Two boxes of class 0, of which one is found twice; one of class 1 that is called 0; an image with nothing.
const output: Detections[] = [
  {
    boxes: [
      [0, 0, 10, 9],
      [20, 20, 30, 29],
      [0, 0, 10, 10],
    ],
    labels: [0, 0, 0],
    scores: [0.8, 0.7, 0.9],
  },
  { boxes: [[5, 5, 9, 9]], labels: [0], scores: [0.1] },
  { boxes: [], labels: [], scores: [] },
];
const target: Boxes[] = [
  {
    boxes: [
      [0, 0, 10, 10],
      [20, 20, 30, 30],
    ],
    labels: [0, 0],
  },
  { boxes: [[5, 5, 9, 9]], labels: [1] },
  { boxes: [], labels: [] },
];
// Precision 1, 1/2, 2/3, 1/2 at recall 1/2, 1/2, 1, 1.
const zero = 0.5 + 0.5 * (2 / 3);
const spec = (score: number) => ({ samples: [{ output, target, score }], tensors: false });

metricSpec('meanAveragePrecision', meanAveragePrecision(), {
  ...spec(zero / 2),
  errors: [
    {
      call: () => meanAveragePrecision({ thresholds: [50] }),
      says: new ValueError('meanAveragePrecision: thresholds must be within 0 … 1; got 50'),
    },
    {
      call: () => meanAveragePrecision()(output, []),
      says: new ShapeError('meanAveragePrecision: output and target must be of equally many images; got 3 and 0'),
    },
  ],
});
metricSpec('meanAveragePrecision, VOC 2007', meanAveragePrecision({ area: 11 }), spec((6 + 5 * (2 / 3)) / 11 / 2));
metricSpec('meanAveragePrecision, COCO', meanAveragePrecision({ area: 101 }), spec((51 + 50 * (2 / 3)) / 101 / 2));
// At 0.95 the second box is not found: recall 1/2.
metricSpec(
  'meanAveragePrecision, strict too',
  meanAveragePrecision({ thresholds: [0.5, 0.95] }),
  spec((zero + 0.5) / 4),
);

it('boxIou is the shared area over the covered one', () => {
  expect(boxIou([0, 0, 2, 2], [1, 1, 3, 3])).toBe(1 / 7);
  expect(boxIou([0, 0, 1, 1], [1, 0, 2, 1])).toBe(0);
  expect(boxIou([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
  expect(boxIou([0, 0, 2, 2], [0, 0, 2, 2])).toBe(1);
});
