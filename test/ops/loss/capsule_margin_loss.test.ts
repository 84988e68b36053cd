import { capsuleMarginLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

interface Options {
  present?: number;
  absent?: number;
  lambda?: number;
}

const operands = [
  { shape: [3, 4], range: [0, 1] as [number, number] },
  { shape: [3, 4], range: [0, 1] as [number, number] },
];

spec('capsuleMarginLoss', capsuleMarginLoss, {
  reference: ([x, t]: Plain[], options: Options = {}) => {
    const { present = 0.9, absent = 0.1, lambda = 0.5 } = options;
    const targets = vectors(t);
    const losses = vectors(x).map((row, i) =>
      sum(
        row.map((v, c) => {
          const y = targets[i][c];
          return y * Math.max(0, present - v) ** 2 + lambda * (1 - y) * Math.max(0, v - absent) ** 2;
        }),
      ),
    );
    return reduced([3], losses, options);
  },
  samples: [...reductions(operands), ...reductions(operands, { present: 0.8, absent: 0.3, lambda: 1 })],
  errors: [
    {
      call: () => capsuleMarginLoss(ones([2, 3]), ones([2])),
      says: 'capsuleMarginLoss: lengths and target must have one shape; got [2, 3] and [2]; reshape one of them',
    },
    {
      call: () => capsuleMarginLoss(ones([1]), ones([1]), { present: 2 }),
      says: 'capsuleMarginLoss: present must be within 0 … 1; got 2',
    },
  ],
});

// Lecture notes 004, lines 8086–8094, one capsule at a time.
it.each([
  [0.5, 1, 0.16],
  [0.5, 0, 0.08],
  [0.95, 1, 0],
  [0.05, 0, 0],
])('capsuleMarginLoss: of length %d and target %d is %d', (length, target, loss) => {
  expect(capsuleMarginLoss(tensor([length]), tensor([target])).item()).toBeCloseTo(loss, 6);
});
