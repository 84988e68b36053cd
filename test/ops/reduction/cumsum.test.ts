import { cumsum, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { running, runningErrors, runningSamples } from '../../scan.js';

spec('cumsum', cumsum, {
  reference: running((values) => values.reduce((a, b) => a + b, 0)),
  samples: [
    ...runningSamples,
    { operands: [{ shape: [5], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [5], dtype: 'bool' }], args: [0] },
  ],
  // Sums of 67 numbers.
  slack: 8,
  errors: runningErrors('cumsum', cumsum),
});

it('cumsum: counts bool in int32', () => {
  expect(cumsum(tensor([true, false, true]), 0).dtype).toBe('int32');
});
