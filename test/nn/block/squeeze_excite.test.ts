import { nn, ones, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SqueezeExcite', {
  make: (options) => new nn.SqueezeExcite(4, { ...options, reduction: 2 }),
  inputs: [
    [2, 4, 2, 2],
    [1, 4, 3],
    [0, 4, 2, 2],
  ],
  equals: ({ squeeze, excite }, x) => {
    const axes = x.shape.slice(2).map((_: number, i: number) => i + 2);
    const hidden: Tensor = squeeze.forward(x.mean(axes)).relu();
    const weights: Tensor = excite.forward(hidden).sigmoid();
    return x.mul(weights.reshape([...weights.shape, ...axes.map(() => 1)]));
  },
  text: [
    'SqueezeExcite(',
    '  channels=4',
    '  (squeeze): Linear(inFeatures=4, outFeatures=2)',
    '  (excite): Linear(inFeatures=2, outFeatures=4)',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.SqueezeExcite(8).forward(ones([2, 4, 3, 3])),
      says: 'SqueezeExcite: x must have the axes [N, 8, ...positions]; got [2, 4, 3, 3]',
    },
    { call: () => new nn.SqueezeExcite(0), says: 'SqueezeExcite: channels must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.SqueezeExcite(4, { reduction: 0 }),
      says: 'SqueezeExcite: reduction must be a whole number ≥ 1; got 0',
    },
  ],
});
