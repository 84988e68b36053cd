import { melu, nn, randn } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('MeLU', {
  make: (options) => {
    const layer = new nn.MeLU(3, { ...options, maxInput: 0.8 });
    nn.init.uniform(layer.weight, { low: -1, generator: options.generator });
    return layer;
  },
  inputs: [
    [2, 3],
    [1, 3, 2],
    [0, 3],
  ],
  equals: ({ weight }, x) => melu(x, weight, { maxInput: 0.8 }),
  text: 'MeLU(numChannels=3, maxInput=0.8)',
  errors: [
    { call: () => new nn.MeLU(0), says: 'MeLU: numChannels must be a whole number ≥ 1; got 0' },
    { call: () => new nn.MeLU(3, { k: 0 }), says: 'MeLU: k must be a whole number ≥ 1; got 0' },
    { call: () => new nn.MeLU(3, { maxInput: 0 }), says: 'MeLU: maxInput must be a number > 0; got 0' },
  ],
});

it('MeLU takes the place of ReLU in a trained network without a change', () => {
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
  const swapped = new nn.Sequential(net.layers[0], new nn.MeLU(4, { k: 8 }), net.layers[2]);
  const x = randn([5, 3]);
  expect(swapped.forward(x).toArray()).toEqual(net.forward(x).toArray());
});
