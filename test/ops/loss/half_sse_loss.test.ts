import { halfSseLoss, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('halfSseLoss', halfSseLoss, {
  reference: paired((x, t) => (x - t) ** 2 / 2),
  samples: samples(),
  errors: [mismatch('halfSseLoss', halfSseLoss)],
});

// Lecture notes 001, line 357: ½ (o − y)² of 5 and 2 is 4.5; the 9 there is without the ½.
it('halfSseLoss: half of a square', () => {
  expect(halfSseLoss(tensor([5]), tensor([2])).item()).toBe(4.5);
});
