import { groupNorm, nn, ones, randn, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

type Layer = nn.InstanceNorm1d | nn.InstanceNorm2d | nn.InstanceNorm3d;

const equals = ({ weight, bias }: Layer, x: Tensor): Tensor => groupNorm(x, 2, { weight, bias });

moduleSpec('InstanceNorm1d', {
  make: (options) => new nn.InstanceNorm1d(2, { ...options, affine: true }),
  inputs: [
    [2, 2, 3],
    [1, 2, 4],
    [0, 2, 3],
  ],
  equals,
  text: 'InstanceNorm1d(numFeatures=2, eps=0.00001)',
  errors: [
    { call: () => new nn.InstanceNorm1d(0), says: 'InstanceNorm1d: numFeatures must be a whole number ≥ 1; got 0' },
    { call: () => new nn.InstanceNorm1d(2, { eps: 0 }), says: 'InstanceNorm1d: eps must be a number > 0; got 0' },
    {
      call: () => new nn.InstanceNorm1d(2).forward(ones([4, 3, 5])),
      says: 'InstanceNorm1d: x must have 2 channels and 1 axes of positions behind them; got [4, 3, 5]',
    },
  ],
});

moduleSpec('InstanceNorm2d', {
  make: (options) => new nn.InstanceNorm2d(2, options),
  inputs: [
    [2, 2, 2, 2],
    [1, 2, 3, 2],
    [0, 2, 3, 3],
  ],
  equals,
  text: 'InstanceNorm2d(numFeatures=2, eps=0.00001, weight=null, bias=null)',
  golden: {
    file: 'groupnorm',
    cases: /^instancenorm2d/,
    model: ({ params: { num_features } }, dtype) => new nn.InstanceNorm2d(num_features, { affine: true, dtype }),
  },
});

moduleSpec('InstanceNorm3d', {
  make: (options) => new nn.InstanceNorm3d(2, options),
  inputs: [
    [1, 2, 2, 2, 2],
    [0, 2, 1, 2, 2],
  ],
  equals,
  text: 'InstanceNorm3d(numFeatures=2, eps=0.00001, weight=null, bias=null)',
});

it('InstanceNorm takes a single sample', () => {
  const x = randn([2, 3, 4]);
  const layer = new nn.InstanceNorm2d(2);
  expect(layer.forward(x).data()).toEqual(layer.forward(x.unsqueeze(0)).data());
  expect(new nn.InstanceNorm1d(2).forward(x.slice(null, 0)).shape).toEqual([2, 4]);
});
