import { ValueError } from 'adjoint';
import { f1, fBeta, precision, ratesOf, recall } from 'adjoint/metrics';
import { expect, it } from 'vitest';
import { metricSpec } from '../metric_spec.js';

// scikit-learn's own example: per class precision 2/3, 0, 0 and recall 1, 0, 0.
const truth = [0, 1, 2, 0, 1, 2];
const predicted = [0, 2, 1, 0, 0, 1];
// Precision 3/4, recall 3/5.
const binary = { output: [1, 1, 1, 1, 0, 0, 0], target: [1, 1, 1, 0, 1, 1, 0] };
const of = (score: number) => ({ output: predicted, target: truth, score });

metricSpec('precision, binary', precision(), {
  samples: [
    { ...binary, score: 3 / 4 },
    { output: [0, 0], target: [0, 1], score: 0 },
  ],
  errors: [
    {
      call: () => precision()([0, 2], [0, 1]),
      says: new ValueError(
        "precision: average 'binary' is of two classes; got 3; give average 'micro', 'macro' or 'weighted'",
      ),
    },
  ],
});
metricSpec('recall, binary', recall(), { samples: [{ ...binary, score: 3 / 5 }] });
metricSpec('f1, binary', f1(), { samples: [{ ...binary, score: 2 / 3 }] });
metricSpec('f1, above a threshold', f1({ threshold: 0 }), {
  samples: [{ output: [2, 1, 3, 1, -1, -4, 0], target: binary.target, score: 2 / 3 }],
});
metricSpec('fBeta, binary', fBeta({ beta: 2 }), {
  // 5 · P · R / (4 · P + R)
  samples: [{ ...binary, score: (5 * 0.75 * 0.6) / (4 * 0.75 + 0.6) }],
  errors: [{ call: () => fBeta({ beta: 0 }), says: new ValueError('fBeta: beta must be a number > 0; got 0') }],
});
metricSpec('precision, macro', precision({ average: 'macro' }), { samples: [of(2 / 9)] });
metricSpec('precision, micro', precision({ average: 'micro' }), { samples: [of(1 / 3)] });
metricSpec('precision, weighted', precision({ average: 'weighted' }), { samples: [of(2 / 9)] });
metricSpec('recall, macro', recall({ average: 'macro' }), { samples: [of(1 / 3)] });
metricSpec('recall, micro', recall({ average: 'micro' }), { samples: [of(1 / 3)] });
metricSpec('recall, weighted', recall({ average: 'weighted' }), { samples: [of(1 / 3)] });
metricSpec('f1, macro', f1({ average: 'macro' }), {
  // A class that neither is there nor was called is no class: 1 of 3 is left out.
  samples: [of(0.8 / 3), { output: [0, 2, 2], target: [0, 2, 0], score: (2 / 3 + 2 / 3) / 2 }],
});
metricSpec('f1, micro', f1({ average: 'micro' }), { samples: [of(1 / 3)] });
metricSpec('f1, weighted', f1({ average: 'weighted' }), {
  samples: [of(0.8 / 3), { output: [0, 0, 0, 1], target: [0, 0, 1, 1], score: (0.8 * 2 + (2 / 3) * 2) / 4 }],
});

it('has the precision and recall of lecture notes 004, lines 1733 and 1736', () => {
  const counts = (right: number, missed: number, wrong: number) =>
    ratesOf({ counts: Int32Array.of(0, wrong, missed, right), classes: 2, rows: 'truth' });
  expect(counts(100, 900, 0).sensitivity).toBe(0.1);
  expect(counts(20, 0, 80).precision).toBe(0.2);
});
