import { ones, squash, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { alongAxis, samples } from '../../softmax.js';

spec('squash', squash as never, {
  reference: alongAxis((x) => {
    const squared = x.reduce((sum, v) => sum + v * v, 0);
    return x.map((v) => (v * Math.sqrt(squared)) / (1 + squared));
  }),
  samples,
  errors: [
    { call: () => squash(ones([2, 3]), 2), says: 'squash: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});

it('squash has the lengths that follow from lecture notes 004, line 7796, and no gradient at 0', () => {
  const lengths = [0.1, 0.5, 1, 2, 10];
  const x = tensor(lengths.map((length) => [0.6 * length, 0.8 * length]));
  const squashed = [...squash(x).norm(1).data()];
  [0.0099, 0.2, 0.5, 0.8, 0.9901].forEach((length, i) => {
    expect(squashed[i]).toBeCloseTo(length, 4);
  });
  const zero = zeros([3]).requireGrad();
  squash(zero).sum().backward();
  expect(zero.grad?.toArray()).toEqual([0, 0, 0]);
});
