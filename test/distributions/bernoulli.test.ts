import { tensor } from 'adjoint';
import { Bernoulli, type ProbsOrLogits } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Bernoulli', {
  make: ({ probs }) => new Bernoulli({ probs }),
  batch: { probs: [0.25, 0.9] },
  one: { probs: 0.3 },
  other: { probs: 0.6 },
  values: [0, 1, 1],
  counts: 2,
  errors: [
    { call: () => new Bernoulli({ probs: 1.5 }), says: 'Bernoulli: probs must be within 0 … 1; got 1.5' },
    { call: () => new Bernoulli({ logits: NaN }), says: 'Bernoulli: logits must be a finite number; got NaN' },
    {
      call: () => new Bernoulli({} as ProbsOrLogits),
      says: 'Bernoulli: one of probs, logits must be given; got none',
    },
    {
      call: () => new Bernoulli({ probs: 0.5, logits: 0 } as unknown as ProbsOrLogits),
      says: 'Bernoulli: one of probs, logits must be given; got probs and logits',
    },
    { call: () => new Bernoulli({ probs: 0.5 }).logProb(2), says: 'Bernoulli.logProb: value must be 0 or 1; got 2' },
    {
      call: () => new Bernoulli({ probs: 0.5 }).logProb(0.25),
      says: 'Bernoulli.logProb: value must be 0 or 1; got a rest of 0.25',
    },
  ],
});

it('Bernoulli by logits is exact far from 0, and by probabilities never −∞', () => {
  const p = new Bernoulli({ logits: tensor([-50, 30]) });
  expect(p.logProb(0).slice(0).item()).toBeCloseTo(-Math.exp(-50), 25);
  expect(p.logProb(1).slice(1).item()).toBeCloseTo(-Math.exp(-30), 16);
  const sure = new Bernoulli({ probs: tensor([0, 1]) });
  expect([...sure.sample([3]).data()]).toEqual([0, 1, 0, 1, 0, 1]);
  expect(
    sure
      .logProb(tensor([1, 0]))
      .isFinite()
      .all()
      .item(),
  ).toBe(true);
  expect([...new Bernoulli({ probs: tensor([0.2, 0.5, 0.7]) }).mode.data()]).toEqual([0, 0, 1]);
});
