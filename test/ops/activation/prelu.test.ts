import { ones, prelu, relu, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

spec('prelu', prelu, {
  reference: byChannel((x, slope) => (x < 0 ? slope * x : x)),
  samples: channelSamples(1),
  errors: [
    {
      call: () => prelu(ones([2, 3, 4]), tensor([1, 2])),
      says: 'prelu: weight must be [1] or [3], by the channels of x [2, 3, 4]; got [2]',
    },
    { call: () => prelu(ones([3]), ones([3])), says: 'prelu: weight must be [1], by the channels of x [3]; got [3]' },
  ],
});

it('lecture notes 004, line 4208: prelu with the slopes 0 that it begins with there is relu', () => {
  const x = tensor([
    [-2, 0.5],
    [3, -0.25],
  ]);
  expect(
    prelu(x, zeros([2]))
      .abs()
      .toArray(),
  ).toEqual(relu(x).toArray());
});
