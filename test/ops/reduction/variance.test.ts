import { tensor, variance } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reducing } from '../../reduction.js';
import { varianceOf, varianceSamples } from './variance.js';

spec('variance', variance, {
  reference: (operands: Plain[], axis, options: { correction?: number; keepDims?: boolean } = {}) =>
    reducing((values) => varianceOf(values, options.correction ?? 1))(operands, axis, options),
  samples: [
    ...varianceSamples,
    { operands: [{ shape: [4, 3] }], args: [0, { correction: 0 }] },
    { operands: [{ shape: [4, 3] }], args: [0, { correction: 1.5 }] },
    { operands: [{ shape: [4], dtype: 'int32' }] },
  ],
  slack: 4,
  errors: [
    {
      call: () => variance(tensor([1, 2]), 0, { correction: -1 }),
      says: 'variance: correction must be a finite number ≥ 0; got -1',
    },
  ],
});

it('variance: keeps its digits when the mean is large', () => {
  expect(variance(tensor([1e6, 1e6 + 1, 1e6 + 2]), 0).item()).toBe(1);
});
