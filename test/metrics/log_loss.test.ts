import { crossEntropy, ShapeError, tensor, ValueError } from 'adjoint';
import { logLoss, perplexity } from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { metricSpec } from '../metric_spec.js';

// scikit-learn's own example, ham being 0.
const spam = {
  output: [
    [0.1, 0.9],
    [0.9, 0.1],
    [0.8, 0.2],
    [0.35, 0.65],
  ],
  target: [1, 0, 0, 1],
};
const score = -(Math.log(0.9) + Math.log(0.9) + Math.log(0.8) + Math.log(0.65)) / 4;

metricSpec('logLoss', logLoss(), {
  samples: [
    { ...spam, score },
    { output: spam.output.map(([, p]) => p), target: spam.target, score },
    {
      output: [
        [1, 0],
        [0, 1],
      ],
      target: [0, 0],
      score: -Math.log(Number.EPSILON) / 2,
    },
  ],
  errors: [
    {
      call: () => logLoss()([[2, -1]], [0]),
      says: new ValueError('logLoss: probabilities must be within 0 … 1; got 2; for logits give { logits: true }'),
    },
    {
      call: () => logLoss()([[0.5, 0.5]], [2]),
      says: new ValueError('logLoss: a class must be a whole number from 0 to 1; target[0] is 2'),
    },
    {
      call: () => logLoss()([[0.5, 0.5]], [0, 1]),
      says: new ShapeError(
        'logLoss: output must be [n, c, …] with c ≥ 1, or one score each [n, …], and target [n, …]; got [1, 2] and [2]',
      ),
    },
  ],
});
metricSpec('logLoss of logits', logLoss({ logits: true }), {
  samples: [
    { output: spam.output.map((row) => row.map(Math.log)), target: spam.target, score },
    // Of one score each its sigmoid.
    { output: spam.output.map(([q, p]) => Math.log(p / q)), target: spam.target, score },
    { output: [[1000, 0]], target: [1], score: 1000 },
  ],
});

metricSpec('perplexity', perplexity({ ignoreIndex: -100 }), {
  samples: [
    // A guess among four.
    {
      output: [
        [1, 1, 1, 1],
        [0, 0, 0, 0],
      ],
      target: [3, 1],
      score: 4,
    },
    // [n, c, length]; padding is no token.
    {
      output: [
        [
          [0, 3],
          [Math.log(3), 3],
        ],
        [
          [0, 3],
          [Math.log(3), 3],
        ],
      ],
      target: [
        [1, -100],
        [0, -100],
      ],
      score: 4 / Math.sqrt(3),
    },
  ],
});
metricSpec('perplexity of probabilities', perplexity({ logits: false }), {
  samples: [
    {
      output: [
        [0.5, 0.5],
        [0.125, 0.875],
      ],
      target: [0, 0],
      score: 4,
    },
  ],
});

it('perplexity is e to the cross-entropy', () => {
  const logits = tensor([
    [1, 2, -1],
    [0, 3, 5],
  ]);
  const tokens = tensor(Int32Array.of(2, 1));
  expect(perplexity()(logits, tokens)).toBeCloseTo(Math.exp(crossEntropy(logits, tokens).item()), 5);
});
