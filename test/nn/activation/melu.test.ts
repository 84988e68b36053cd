import { melu, nn, randn } from 'adjoint';
import { expect, it } from 'vitest';
import { hats } from '../../channels.js';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('MeLU', {
  ...hats(nn.MeLU),
  equals: ({ weight }, x) => melu(x, weight, { maxInput: 0.8 }),
  text: 'MeLU(numChannels=3, maxInput=0.8)',
});

it.each([nn.MeLU, nn.GaLU])('%o takes the place of ReLU in a trained network without a change', (Unit) => {
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
  const swapped = new nn.Sequential(net.layers[0], new Unit(4, { k: 8 }), net.layers[2]);
  const x = randn([5, 3]);
  expect(swapped.forward(x).toArray()).toEqual(net.forward(x).toArray());
});
