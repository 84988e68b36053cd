import { Generator, tensor } from 'adjoint';
import { Beta } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Beta', {
  make: ({ concentration1, concentration0 }) => new Beta(concentration1, concentration0),
  batch: { concentration1: [1, 0.5], concentration0: 2 },
  one: { concentration1: 3.5, concentration0: 2.5 },
  other: { concentration1: 2, concentration0: 3 },
  values: [0.1, 0.4, 0.75],
  range: [0, 1],
  implicit: true,
  errors: [
    { call: () => new Beta(1, 0), says: 'Beta: concentration0 must be a finite number > 0; got 0' },
    { call: () => new Beta(1, 1).logProb(1.5), says: 'Beta.logProb: value must be within 0 … 1; got 1.5' },
  ],
});

it('Beta has a mode between its ends where both concentrations are above 1', () => {
  expect([...new Beta(tensor([3, 1]), 2).mode.data()]).toEqual([Math.fround(2 / 3), NaN]);
});

it("Beta's draws have the gradient of its mean", () => {
  const a = tensor([1.5], { dtype: 'float64' }).requireGrad();
  new Beta(a, 2.5)
    .rsample([20_000], { generator: new Generator(6) })
    .mean()
    .backward();
  // d/da a / (a + b) = b / (a + b)²
  expect(a.grad!.item()).toBeCloseTo(2.5 / 16, 2);
});
