import { mmdLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { sum, vectors } from '../../losses.js';

spec('mmdLoss', mmdLoss, {
  reference: ([x, y]: Plain[], { bandwidths = [1] }: { bandwidths?: number[] } = {}) => {
    const kernel = (a: number[], b: number[]): number => {
      const squared = sum(a.map((v, i) => (v - b[i]) ** 2));
      return sum(bandwidths.map((width) => Math.exp(-squared / (2 * width ** 2))));
    };
    const similarity = (a: number[][], b: number[][]): number =>
      sum(a.flatMap((p) => b.map((q) => kernel(p, q)))) / (a.length * b.length);
    const [p, q] = [vectors(x), vectors(y)];
    return { shape: [], data: [similarity(p, p) + similarity(q, q) - 2 * similarity(p, q)] };
  },
  samples: [
    { operands: [{ shape: [4, 2] }, { shape: [3, 2], range: [0, 3] }] },
    { operands: [{ shape: [3, 2] }, { shape: [3, 2] }], args: [{ bandwidths: [0.5, 1, 4] }] },
  ],
  slack: 8,
  errors: [
    {
      call: () => mmdLoss(ones([4, 2]), ones([4, 3])),
      says: 'mmdLoss: x and y must have vectors of one length; got [4, 2] and [4, 3]',
    },
    {
      call: () => mmdLoss(ones([4]), ones([4, 3])),
      says: 'mmdLoss: x must have the axes [samples, features]; got [4]',
    },
    {
      call: () => mmdLoss(ones([1, 1]), ones([1, 1]), { bandwidths: [1, 0] }),
      says: 'mmdLoss: each of bandwidths must be a number > 0; got 0',
    },
  ],
});

it('mmdLoss: is 0 of the same sample in another order', () => {
  expect(mmdLoss(tensor([[0], [1], [3]]), tensor([[3], [0], [1]])).item()).toBeCloseTo(0, 6);
});
