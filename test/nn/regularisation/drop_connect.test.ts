import { Generator, linear, nn, ones, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('DropConnect', {
  make: (options) => new nn.DropConnect(4, 3, { ...options, p: 0 }),
  inputs: [
    [2, 4],
    [1, 4],
    [0, 4],
  ],
  equals: ({ weight, bias }, x) => linear(x, weight, bias as Tensor),
  text: 'DropConnect(inFeatures=4, outFeatures=3, p=0)',
  errors: [{ call: () => new nn.DropConnect(4, 3, { p: 2 }), says: 'DropConnect: p must be within 0 … 1; got 2' }],
});

it('DropConnect drops weights, the same for a batch, and keeps their expectation', () => {
  const layer = new nn.DropConnect(50, 40, { p: 0.25, bias: false, generator: new Generator(6) });
  nn.init.ones(layer.weight);
  const y = layer.forward(ones([2, 50]));
  expect(y.slice(0).data()).toEqual(y.slice(1).data());
  expect(y.mean().item() / 50).toBeCloseTo(1, 1);
  y.sum().backward();
  const gradients = [...(layer.weight.grad?.data() ?? [])];
  expect(new Set(gradients.map((g) => g.toFixed(4)))).toEqual(new Set(['0.0000', (2 / 0.75).toFixed(4)]));
  expect(gradients.filter((g) => g === 0).length / 2000).toBeCloseTo(0.25, 1);
  expect(
    layer
      .eval()
      .forward(ones([1, 50]))
      .data(),
  ).toEqual(new Float32Array(40).fill(50));
});
