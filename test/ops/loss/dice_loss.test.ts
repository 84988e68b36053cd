import { diceLoss, ones, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

const operands = [
  { shape: [2, 3, 2, 2], range: [0.05, 0.95] as [number, number] },
  { shape: [2, 3, 2, 2], values: [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0] },
];

spec('diceLoss', diceLoss, {
  reference: ([x, t]: Plain[], options = {}) => {
    const targets = vectors(t, 2);
    const losses = vectors(x, 2).map(
      (p, i) => 1 - (2 * sum(p.map((v, j) => v * targets[i][j]))) / (sum(p) + sum(targets[i])),
    );
    return reduced([2, 3], losses, options);
  },
  samples: reductions(operands),
  errors: [
    mismatch('diceLoss', diceLoss),
    {
      call: () => diceLoss(ones([4]), ones([4])),
      says: 'diceLoss: input must have the axes [batch, classes, ...]; got [4]',
    },
  ],
});

// Lecture notes 004, line 6953: without an overlap the coefficient is 0.
it('diceLoss: is 1 of disjoint areas, 0 of equal ones and of two empty ones', () => {
  const [left, right] = [tensor([[[1, 1, 0, 0]]]), tensor([[[0, 0, 1, 1]]])];
  expect(diceLoss(left, right).item()).toBe(1);
  expect(diceLoss(left, left).item()).toBe(0);
  expect(diceLoss(zeros([1, 1, 4]), zeros([1, 1, 4])).item()).toBe(0);
});
