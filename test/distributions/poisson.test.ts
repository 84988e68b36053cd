import { tensor } from 'adjoint';
import { klDivergence, Poisson } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Poisson', {
  make: ({ rate }) => new Poisson(rate),
  batch: { rate: [1, 40] },
  one: { rate: 3.5 },
  other: { rate: 5 },
  values: [0, 2, 7],
  counts: 60,
  errors: [
    { call: () => new Poisson(-1), says: 'Poisson: rate must be a finite number ≥ 0; got -1' },
    {
      call: () => new Poisson(1).logProb(tensor([1, 2.5])),
      says: 'Poisson.logProb: value must be a whole number ≥ 0; got a rest of 0.5 at [1]',
    },
  ],
});

it('Poisson of the rate 0 is always 0', () => {
  const p = new Poisson(tensor([0, 2.5]));
  expect([...p.logProb(0).exp().data()]).toEqual([1, Math.fround(Math.exp(-2.5))]);
  expect(p.logProb(1).slice(0).item()).toBe(-Infinity);
  expect([...p.mode.data()]).toEqual([0, 2]);
  expect(klDivergence(new Poisson(0), new Poisson(3)).item()).toBe(3);
});
