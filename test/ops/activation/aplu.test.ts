import { aplu, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

spec('aplu', aplu, {
  reference: byChannel((x, a: number[], b: number[]) =>
    a.reduce((sum, height, j) => sum + height * Math.max(0, b[j] - x), Math.max(0, x)),
  ),
  samples: channelSamples(2, 2),
  slack: 2,
  errors: [
    {
      call: () => aplu(ones([2, 3, 4]), ones([3, 2]), ones([3, 1])),
      says: 'aplu: b must be [1, 2] or [3, 2], by the channels of x [2, 3, 4]; got [3, 1]',
    },
    {
      call: () => aplu(ones([2, 3]), ones([3]), ones([3])),
      says: 'aplu: a must be [1, 1] or [3, 1], by the channels of x [2, 3]; got [3]',
    },
  ],
});

it('aplu’s gradient of b is a where x < b: lecture notes 004, line 4258, print it with the wrong sign', () => {
  const [a, b] = [tensor([[3]]).requireGrad(), tensor([[1]]).requireGrad()];
  aplu(tensor([-1, 2]), a, b)
    .sum()
    .backward();
  expect(a.grad?.item()).toBe(2);
  expect(b.grad?.item()).toBe(3);
});
