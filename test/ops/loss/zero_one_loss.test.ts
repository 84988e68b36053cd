import { l1Loss, mseLoss, tensor, zeroOneLoss } from 'adjoint';
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

// Its names are those of the neighbour: |x − x*| is "identity", (x − x*)² "absolute", and the indicator "quadratic".
it('lecture notes 002, lines 802–806: l1Loss, mseLoss, and an indicator of what is equal, 1 − zeroOneLoss', () => {
  const [x, y] = [tensor([1, 2, 5]), tensor([1, 4, 2])];
  const options = { reduction: 'none' } as const;
  expect(l1Loss(x, y, options).toArray()).toEqual([0, 2, 3]);
  expect(mseLoss(x, y, options).toArray()).toEqual([0, 4, 9]);
  expect(zeroOneLoss(x, y, options).neg().add(1).toArray()).toEqual([1, 0, 0]);
});
