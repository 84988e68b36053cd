import { binaryCrossEntropyWithLogits, focalLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

interface Options {
  alpha?: number | null;
  gamma?: number;
}

spec('focalLoss', focalLoss, {
  reference: paired((x, t, { alpha = 0.25, gamma = 2 }: Options) => {
    const entropy = -(t * Math.log(sigmoid(x)) + (1 - t) * Math.log(sigmoid(-x)));
    const wrong = sigmoid(x) * (1 - t) + sigmoid(-x) * t;
    return (alpha === null ? 1 : alpha * t + (1 - alpha) * (1 - t)) * wrong ** gamma * entropy;
  }),
  samples: [
    ...samples(undefined, [0, 1]),
    ...samples(undefined, [0, 1], { alpha: null, gamma: 0.5 }),
    ...samples(undefined, [0, 1], { alpha: 0.7, gamma: 0 }),
  ],
  slack: 4,
  errors: [
    mismatch('focalLoss', focalLoss),
    {
      call: () => focalLoss(ones([1]), ones([1]), { alpha: 2 }),
      says: 'focalLoss: alpha must be within 0 … 1; got 2',
    },
    {
      call: () => focalLoss(ones([1]), ones([1]), { gamma: -1 }),
      says: 'focalLoss: gamma must be a finite number ≥ 0; got -1',
    },
  ],
});

it('focalLoss: without weights it is binary cross entropy', () => {
  const [x, t] = [tensor([-2, 0.5, 3]), tensor([0, 1, 1])];
  const entropy = binaryCrossEntropyWithLogits(x, t, { reduction: 'none' });
  expect(focalLoss(x, t, { alpha: null, gamma: 0, reduction: 'none' }).toArray()).toEqual(entropy.toArray());
});
