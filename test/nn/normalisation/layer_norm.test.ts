import { layerNorm, nn, ones } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LayerNorm', {
  make: (options) => new nn.LayerNorm([2, 3], options),
  inputs: [
    [2, 2, 3],
    [1, 2, 3],
    [0, 2, 3],
  ],
  equals: ({ weight, bias }, x) => layerNorm(x, [2, 3], { weight, bias }),
  text: 'LayerNorm(normalizedShape=[2, 3], eps=0.00001)',
  errors: [
    {
      call: () => new nn.LayerNorm([]),
      says: 'LayerNorm: the number of axes in normalizedShape must be a whole number ≥ 1; got 0',
    },
    { call: () => new nn.LayerNorm(0), says: 'LayerNorm: normalizedShape must be a whole number ≥ 1; got 0' },
    { call: () => new nn.LayerNorm(3, { eps: 0 }), says: 'LayerNorm: eps must be a number > 0; got 0' },
    {
      call: () => new nn.LayerNorm(3).forward(ones([2, 4])),
      says: 'layerNorm: the last axes of x must be [3]; got [2, 4]',
    },
  ],
  golden: {
    file: 'layernorm',
    model: ({ params: { normalized_shape, eps = 1e-5, elementwise_affine = true } }, dtype) =>
      new nn.LayerNorm(normalized_shape, { eps, elementwiseAffine: elementwise_affine, dtype }),
  },
});

moduleSpec('LayerNorm without bias', {
  make: (options) => new nn.LayerNorm(3, { ...options, bias: false }),
  inputs: [
    [1, 3],
    [0, 3],
  ],
  equals: ({ weight }, x) => layerNorm(x, [3], { weight }),
  text: 'LayerNorm(normalizedShape=[3], eps=0.00001, bias=null)',
});
