import { ones, pelu, tensor } from 'adjoint';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

spec('pelu', pelu, {
  reference: byChannel((x, a, b) => (x >= 0 ? (a / b) * x : a * Math.expm1(x / b))),
  samples: channelSamples(2, undefined, [0.5, 2]),
  slack: 4,
  errors: [
    {
      call: () => pelu(ones([2, 3, 4]), tensor([1]), tensor([1, 2])),
      says: 'pelu: b must be [1] or [3], by the channels of x [2, 3, 4]; got [2]',
    },
  ],
});
