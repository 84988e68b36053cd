import { tensor } from 'adjoint';
import { Categorical, klDivergence } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Categorical', {
  make: ({ logits }) => new Categorical({ logits }),
  batch: {
    logits: [
      [0, 1, 2, 0],
      [3, 0, 0, 1],
    ],
  },
  one: { logits: [0, 1, -0.5, 0.25] },
  other: { logits: [1, 1, 0.5, 0] },
  values: [0, 3, 1, 1],
  counts: 4,
  errors: [
    {
      call: () => new Categorical({ probs: tensor([1, 2, -1]) }),
      says: 'Categorical: probs must be a finite number ≥ 0; got -1 at [2]',
    },
    {
      call: () => new Categorical({ probs: tensor([0, 0]) }),
      says: 'Categorical: the sum of probs must be a finite number > 0; got 0 at [0]',
    },
    {
      call: () => new Categorical({ logits: tensor(1) }),
      says: 'Categorical: logits must have the axes [..., k]; got []',
    },
    {
      call: () => new Categorical({ logits: tensor([1, 2]) }).logProb(2),
      says: 'Categorical.logProb: value must be a whole number within 0 … 1; got 2',
    },
  ],
});

it('Categorical divides probabilities by their sum', () => {
  const p = new Categorical({
    probs: tensor([
      [1, 3],
      [2, 2],
    ]),
  });
  expect(p.probs.toArray()).toEqual([
    [0.25, 0.75],
    [0.5, 0.5],
  ]);
  expect([...p.mode.data()]).toEqual([1, 0]);
  expect(p.sample([3]).dtype).toBe('int32');
});

it('Categorical has places that never are, in entropy and divergence too', () => {
  const [p, q] = [tensor([0, 0, -Infinity]), tensor([0, -Infinity, 0])].map((logits) => new Categorical({ logits }));
  expect(p.logProb(2).item()).toBe(-Infinity);
  expect(p.entropy().item()).toBe(Math.fround(Math.log(2)));
  expect(klDivergence(p, q).item()).toBe(Infinity);
  expect(p.sample([100]).max().item()).toBe(1);
});
