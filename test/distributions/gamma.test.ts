import { Generator, tensor } from 'adjoint';
import { Gamma } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Gamma', {
  make: ({ concentration, rate }) => new Gamma(concentration, rate),
  batch: { concentration: [1, 0.5], rate: 2 },
  one: { concentration: 3.5, rate: 1.5 },
  other: { concentration: 2, rate: 1 },
  values: [0.5, 1, 2, 5],
  range: [0, 30],
  implicit: true,
  errors: [
    { call: () => new Gamma(0, 1), says: 'Gamma: concentration must be a finite number > 0; got 0' },
    {
      call: () => new Gamma(1, 1).logProb(tensor([1, 2, -1])),
      says: 'Gamma.logProb: value must be a finite number ≥ 0; got -1 at [2]',
    },
  ],
});

it('Gamma of concentration 1 has its density at 0 too, and its mode is never below', () => {
  expect(new Gamma(1, 2).logProb(0).item()).toBe(Math.fround(Math.log(2)));
  expect([...new Gamma(tensor([0.5, 3]), 2).mode.data()]).toEqual([0, 1]);
});

it("Gamma's draws have the gradients of its moments", () => {
  const [a, rate] = [
    tensor([2.5], { dtype: 'float64' }).requireGrad(),
    tensor([2], { dtype: 'float64' }).requireGrad(),
  ];
  new Gamma(a, rate)
    .rsample([20_000], { generator: new Generator(6) })
    .mean()
    .backward();
  // E x = a / rate
  expect(a.grad!.item()).toBeCloseTo(1 / 2, 1.7);
  expect(rate.grad!.item()).toBeCloseTo(-2.5 / 4, 1.7);
});
