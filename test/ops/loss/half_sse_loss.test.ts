import { halfSseLoss, type Tensor, tensor } from 'adjoint';
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

it('lecture notes 001, line 357: with that ½ the step of lines 363 to 407 would go to w = 1.4 and b = 0.7', () => {
  const [w, b] = [2, 1].map((value) => tensor(value, { dtype: 'float64' }).requireGrad());
  halfSseLoss(w.mul(2).add(b), tensor(2, { dtype: 'float64' })).backward();
  expect([w.grad?.item(), b.grad?.item()]).toEqual([6, 3]);
  expect(w.sub(w.grad?.mul(0.1) as Tensor).item()).toBeCloseTo(1.4, 12);
  expect(b.sub(b.grad?.mul(0.1) as Tensor).item()).toBeCloseTo(0.7, 12);
});
