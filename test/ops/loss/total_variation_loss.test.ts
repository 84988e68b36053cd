import { ones, tensor, totalVariationLoss } from 'adjoint';
import { expect, it } from 'vitest';
import { at, indices } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions } from '../../losses.js';

spec('totalVariationLoss', totalVariationLoss, {
  reference: ([x]: Plain[], options = {}) => {
    const losses = new Array<number>(x.shape[0]).fill(0);
    for (const index of indices(x.shape)) {
      for (const axis of [x.shape.length - 2, x.shape.length - 1]) {
        if (index[axis] + 1 === x.shape[axis]) continue;
        losses[index[0]] += Math.abs(at(x, index.with(axis, index[axis] + 1)) - at(x, index));
      }
    }
    return reduced([x.shape[0]], losses, options);
  },
  samples: [...reductions([{ shape: [2, 2, 3, 4] }]), ...reductions([{ shape: [1, 3, 3] }])],
  errors: [
    {
      call: () => totalVariationLoss(ones([3, 3])),
      says: 'totalVariationLoss: x must have the axes [batch, ..., height, width]; got [3, 3]',
    },
  ],
});

// Lecture notes 004, lines 7617–7621: |1 − 3| + |2 − 4| down, |1 − 2| + |3 − 4| across.
it('totalVariationLoss: adds differences down and across', () => {
  expect(
    totalVariationLoss(
      tensor([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
    ).item(),
  ).toBe(6);
});
