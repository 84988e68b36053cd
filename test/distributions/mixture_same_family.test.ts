import { Generator, tensor } from 'adjoint';
import { Categorical, MixtureSameFamily, MultivariateNormal, Normal, Poisson } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('MixtureSameFamily', {
  make: ({ logits, loc, scale }) => new MixtureSameFamily(new Categorical({ logits }), new Normal(loc, scale)),
  batch: {
    logits: [
      [0, 1],
      [2, 0],
    ],
    loc: [
      [0, 3],
      [-1, 1],
    ],
    scale: 0.5,
  },
  one: { logits: [0, 0.5, -1], loc: [-2, 0.5, 3], scale: [0.5, 1, 0.25] },
  other: { logits: [0, 0], loc: [0, 1], scale: [1, 1] },
  values: [-2, 0, 1.5, 3],
  range: [-7, 8],
  errors: [
    {
      call: () => new MixtureSameFamily(new Categorical({ logits: tensor([0, 0, 0]) }), new Normal(tensor([0, 1]), 1)),
      says: "MixtureSameFamily: the components' batch must be [3], the mixture's batch and its 3 places; got [2]",
    },
  ],
});

it('MixtureSameFamily mixes vectors and counts', () => {
  const identity = tensor([
    [1, 0],
    [0, 1],
  ]);
  const weights = new Categorical({ probs: tensor([1, 3]) });
  const loc = tensor([
    [0, 0],
    [4, 8],
  ]);
  const p = new MixtureSameFamily(weights, new MultivariateNormal(loc, { scaleTril: identity }));
  expect([...p.mean.data()]).toEqual([3, 6]);
  // 1 + ¼ · ¾ · 4², and with 8².
  expect([...p.variance.data()]).toEqual([4, 13]);
  const x = p.sample([2000], { generator: new Generator(1) });
  expect(x.shape).toEqual([2000, 2]);
  expect(x.mean(0).sub(p.mean).abs().max().item()).toBeLessThan(0.4);
  expect(p.logProb(x).shape).toEqual([2000]);

  const counts = new MixtureSameFamily(weights, new Poisson(tensor([1, 5])));
  const probability = (rate: number): number => (Math.exp(-rate) * rate ** 2) / 2;
  expect(counts.logProb(2).exp().item()).toBeCloseTo(0.25 * probability(1) + 0.75 * probability(5), 6);
});
