import { linear, nn, ones, randn, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('WeightNorm', {
  make: (options) => new nn.WeightNorm(new nn.Linear(3, 2, options)),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: ({ g, layer: { weight, bias } }, x) =>
    linear(x, weight.mul(g.div(weight.norm(1, { keepDims: true }))), bias as Tensor),
  keepsNothing: false,
  text: ['WeightNorm(', "  name='weight'", '  (layer): Linear(inFeatures=3, outFeatures=2)', ')'].join('\n'),
  errors: [
    {
      call: () => new nn.WeightNorm(new nn.ReLU()),
      says: 'WeightNorm: the layer must have a parameter of at least 2 axes as its field weight; got ReLU',
    },
    {
      call: () => new nn.WeightNorm(new nn.Linear(2, 2), 'bias'),
      says: 'WeightNorm: the layer must have a parameter of at least 2 axes as its field bias; got Linear',
    },
  ],
});

it('WeightNorm begins as the layer was, and learns length and direction apart', () => {
  const layer = new nn.Conv2d(2, 3, 2);
  const x = randn([2, 2, 4, 4]);
  const before: Tensor = layer.forward(x);
  const wrapped = new nn.WeightNorm(layer);
  const y: Tensor = wrapped.forward(x);
  expectClose(y.detach(), { shape: before.shape, data: [...before.data()] }, { slack: 2 });
  expect([...wrapped.stateDict().keys()]).toEqual(['layer.weight', 'layer.bias', 'g']);
  y.square().sum().backward();
  // v's gradient changes no length: it is orthogonal to v.
  const along = (layer.weight.grad as Tensor).mul(layer.weight.detach()).sum([1, 2, 3]);
  expect(Math.max(...along.abs().data())).toBeLessThan(1e-4);
  expect(wrapped.g.grad?.shape).toEqual([3, 1, 1, 1]);
  expect(wrapped.forward(ones([1, 2, 2, 2])).shape).toEqual([1, 3, 1, 1]);
});
