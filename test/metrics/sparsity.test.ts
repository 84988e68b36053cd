import { ValueError } from 'adjoint';
import { generalisationGap, sparsity } from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { metricSpec } from '../metric_spec.js';

const output = [
  [0, 0.01],
  [0, -2],
  [0, 0],
];

metricSpec('sparsity', sparsity(), {
  samples: [
    {
      output,
      target: [0, 0, 0],
      score: 4 / 6,
    },
  ],
  errors: [
    {
      call: () => sparsity({ tolerance: -1 }),
      says: new ValueError('sparsity: tolerance must be a finite number ≥ 0; got -1'),
    },
  ],
});
metricSpec('sparsity, with a tolerance', sparsity({ tolerance: 0.01 }), {
  samples: [
    {
      output,
      target: [0, 0, 0],
      score: 5 / 6,
    },
  ],
});

it('generalisationGap of lecture notes 004, line 3546: all random labels learnt, a tenth of the others guessed', () => {
  expect(generalisationGap(1, 0.1)).toBe(0.9);
  expect(generalisationGap(0.5, 2, 'lower')).toBe(1.5);
});
