import { tensor, zeroOneLoss } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('zeroOneLoss', zeroOneLoss, {
  reference: paired((x, t) => Number(x !== t)),
  samples: [
    ...samples(),
    {
      operands: [
        { shape: [20], dtype: 'int32', range: [0, 2] },
        { shape: [20], dtype: 'int32', range: [0, 2] },
      ],
    },
  ],
  differentiable: false,
  errors: [mismatch('zeroOneLoss', zeroOneLoss)],
});

it('zeroOneLoss: is the share of errors', () => {
  const labels = (...values: number[]) => tensor(values, { dtype: 'int32' });
  expect(zeroOneLoss(labels(1, 2, 0, 1), labels(1, 0, 0, 1)).item()).toBe(0.25);
});
