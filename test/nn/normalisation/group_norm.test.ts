import { groupNorm, nn, ones } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GroupNorm', {
  make: (options) => new nn.GroupNorm(2, 4, options),
  inputs: [
    [2, 4, 3],
    [1, 4],
    [0, 4, 3],
  ],
  equals: ({ weight, bias }, x) => groupNorm(x, 2, { weight, bias }),
  text: 'GroupNorm(numGroups=2, numChannels=4, eps=0.00001)',
  errors: [
    {
      call: () => new nn.GroupNorm(4, 6),
      says: 'GroupNorm: numGroups must divide numChannels; got 4 groups of 6',
    },
    { call: () => new nn.GroupNorm(0, 6), says: 'GroupNorm: numGroups must be a whole number ≥ 1; got 0' },
    { call: () => new nn.GroupNorm(2, 6, { eps: 0 }), says: 'GroupNorm: eps must be a number > 0; got 0' },
    {
      call: () => new nn.GroupNorm(2, 6).forward(ones([2, 4])),
      says: 'GroupNorm: x must have at least 2 axes, the second of size 6; got [2, 4]',
    },
  ],
  golden: {
    file: 'groupnorm',
    cases: /^gn/,
    model: ({ params: { num_groups, num_channels, affine = true } }, dtype) =>
      new nn.GroupNorm(num_groups, num_channels, { affine, dtype }),
  },
});
