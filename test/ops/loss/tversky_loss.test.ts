import { diceLoss, ones, tensor, tverskyLoss } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

const operands = [
  { shape: [2, 3, 2, 2], range: [0.05, 0.95] as [number, number] },
  { shape: [2, 3, 2, 2], values: [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0] },
];

interface Options {
  alpha?: number;
  beta?: number;
}

spec('tverskyLoss', tverskyLoss, {
  reference: ([x, t]: Plain[], options: Options = {}) => {
    const { alpha = 0.5, beta = 0.5 } = options;
    const targets = vectors(t, 2);
    const parts = vectors(x, 2).map((p, k) => {
      const hits = sum(p.map((v, j) => v * targets[k][j]));
      const missed = sum(p.map((v, j) => (1 - v) * targets[k][j]));
      const wrong = sum(p.map((v, j) => v * (1 - targets[k][j])));
      return 1 - hits / (hits + alpha * missed + beta * wrong);
    });
    return reduced([2], [sum(parts.slice(0, 3)), sum(parts.slice(3))], options);
  },
  samples: [...reductions(operands), ...reductions(operands, { alpha: 0.7, beta: 0.3 })],
  errors: [
    mismatch('tverskyLoss', tverskyLoss),
    {
      call: () => tverskyLoss(ones([1, 1]), ones([1, 1]), { alpha: -1 }),
      says: 'tverskyLoss: alpha must be a finite number ≥ 0; got -1',
    },
  ],
});

// Lecture notes 004, lines 6957–6961: alpha weighs false negatives, and with both at ½ it is Dice.
it('tverskyLoss: alpha weighs what is missed, and half of both is Dice', () => {
  const [input, target] = [tensor([[[1, 0, 0, 0]]]), tensor([[[1, 1, 1, 0]]])];
  expect(tverskyLoss(input, target, { alpha: 1, beta: 0 }).item()).toBeCloseTo(2 / 3, 6);
  expect(tverskyLoss(input, target, { alpha: 0, beta: 1 }).item()).toBe(0);
  expect(tverskyLoss(input, target).item()).toBeCloseTo(Number(diceLoss(input, target).item()), 6);
});
