import { gaussianNllLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions } from '../../losses.js';

interface Options {
  full?: boolean;
  eps?: number;
}

spec('gaussianNllLoss', gaussianNllLoss, {
  reference: ([x, t, variance]: Plain[], options: Options = {}) => {
    const repeat = x.data.length / variance.data.length;
    const losses = x.data.map((v, i) => {
      const s = Math.max(variance.data[Math.floor(i / repeat)], options.eps ?? 1e-6);
      return (Math.log(s) + (v - t.data[i]) ** 2 / s + (options.full ? Math.log(2 * Math.PI) : 0)) / 2;
    });
    return reduced(x.shape, losses, options);
  },
  samples: [
    ...reductions([{ shape: [3, 4] }, { shape: [3, 4] }, { shape: [3, 4], range: [0.3, 2] }]),
    ...reductions([{ shape: [3, 4] }, { shape: [3, 4] }, { shape: [3, 1], range: [0.3, 2] }], { full: true }),
    {
      operands: [{ shape: [3] }, { shape: [3] }, { shape: [3], range: [0, 0.4] }],
      args: [{ eps: 0.5 }],
      smooth: false,
    },
  ],
  slack: 2,
  errors: [
    {
      call: () => gaussianNllLoss(ones([3]), ones([3]), tensor([1, 1, -1])),
      says: 'gaussianNllLoss: variance must be ≥ 0; got -1 at [2]',
    },
    {
      call: () => gaussianNllLoss(ones([2, 3]), ones([2, 3]), ones([2])),
      says: 'gaussianNllLoss: variance must be [2, 3], as input, or have a last axis of 1; got [2]',
    },
    {
      call: () => gaussianNllLoss(ones([3]), ones([3]), ones([3]), { eps: 0 }),
      says: 'gaussianNllLoss: eps must be a number > 0; got 0',
    },
  ],
});

// Lecture notes 001, line 736: with a fixed variance the gradient is that of the squared error, but for a factor.
it('gaussianNllLoss: of a fixed variance has the squared error for its gradient', () => {
  const x = tensor([1, 2, 4]).requireGrad();
  gaussianNllLoss(x, tensor([0, 2, 5]), tensor([0.5, 0.5, 0.5]), { reduction: 'sum' }).backward();
  expect(x.grad?.toArray()).toEqual([2, 0, -2]);
});

it('gaussianNllLoss: passes the gradient on where the variance is held at eps', () => {
  const variance = tensor([0]).requireGrad();
  gaussianNllLoss(tensor([1]), tensor([0]), variance, { eps: 0.5 }).backward();
  // ½ · (1 / v − d² / v²) at v = ½.
  expect(variance.grad?.toArray()).toEqual([-1]);
});
