import { tensor } from 'adjoint';
import { klDivergence, Uniform } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Uniform', {
  make: ({ low, high }) => new Uniform(low, high),
  batch: { low: [1, -2], high: 3 },
  one: { low: -0.5, high: 1.5 },
  other: { low: -1, high: 2 },
  values: [-0.3, 0.3, 0.5, 1.25],
  // Just inside: the density ends at its edges.
  range: [-0.5, 1.5 - 1e-15],
  errors: [
    { call: () => new Uniform(1, 0), says: 'Uniform: high − low must be a finite number > 0; got -1' },
    { call: () => new Uniform(0, 1).icdf(-0.5), says: 'Uniform.icdf: value must be within 0 … 1; got -0.5' },
  ],
});

it('Uniform has no density outside, low belongs to it, high does not', () => {
  const p = new Uniform(0, 2);
  expect([
    ...p
      .logProb(tensor([-0.5, 0, 1, 2, 3]))
      .exp()
      .data(),
  ]).toEqual([0, 0.5, 0.5, 0, 0]);
  expect([...p.cdf(tensor([-0.5, 0.5, 3])).data()]).toEqual([0, 0.25, 1]);
  expect(klDivergence(p, new Uniform(1, 2)).item()).toBe(Infinity);
});
