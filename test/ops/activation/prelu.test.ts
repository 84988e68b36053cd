import { ones, prelu, tensor } from 'adjoint';
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
