import { nn, rmsNorm } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('RMSNorm', {
  make: (options) => new nn.RMSNorm([2, 3], { ...options, eps: 0.1 }),
  inputs: [
    [2, 2, 3],
    [1, 2, 3],
    [0, 2, 3],
  ],
  equals: ({ weight }, x) => rmsNorm(x, [2, 3], { weight, eps: 0.1 }),
  text: 'RMSNorm(normalizedShape=[2, 3], eps=0.1)',
  errors: [
    {
      call: () => new nn.RMSNorm([]),
      says: 'RMSNorm: the number of axes in normalizedShape must be a whole number ≥ 1; got 0',
    },
    { call: () => new nn.RMSNorm(0), says: 'RMSNorm: normalizedShape must be a whole number ≥ 1; got 0' },
    { call: () => new nn.RMSNorm(3, { eps: 0 }), says: 'RMSNorm: eps must be a number > 0; got 0' },
  ],
});

moduleSpec('RMSNorm without weight', {
  make: () => new nn.RMSNorm(3, { elementwiseAffine: false }),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: (_, x) => rmsNorm(x, [3]),
  text: 'RMSNorm(normalizedShape=[3], weight=null)',
});
