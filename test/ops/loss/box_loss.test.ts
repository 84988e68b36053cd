import { boxLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

spec('boxLoss', boxLoss, {
  reference: ([x, t]: Plain[], options = {}) => {
    const corners = vectors(t);
    const distances = vectors(x).map(([a, b], i) => Math.hypot(a - corners[i][0], b - corners[i][1]));
    return reduced([3], vectors({ shape: [3, 4], data: distances }).map(sum), options);
  },
  samples: reductions([{ shape: [3, 4, 2] }, { shape: [3, 4, 2] }]),
  slack: 4,
  errors: [
    mismatch('boxLoss', boxLoss),
    {
      call: () => boxLoss(ones([2]), ones([2])),
      says: 'boxLoss: input must have the axes [..., corners, coordinates]; got [2]',
    },
  ],
});

// Lecture notes 000, line 1101: a box that is moved by (3, 4) has four corners, each 5 away.
it('boxLoss: adds the distances of the corners', () => {
  const box = tensor([
    [
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
    ],
  ]);
  expect(boxLoss(box.add(tensor([3, 4])), box).item()).toBe(20);
});
