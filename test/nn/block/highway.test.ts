import { linear, nn, ones, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Highway', {
  make: (options) => new nn.Highway(3, options),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: ({ transform, gate }, x) => {
    const t: Tensor = linear(x, gate.weight, gate.bias as Tensor).sigmoid();
    const h: Tensor = linear(x, transform.weight, transform.bias as Tensor).relu();
    return h.mul(t).add(x.mul(t.neg().add(1)));
  },
  text: [
    'Highway(',
    '  (transform): Linear(inFeatures=3, outFeatures=3)',
    '  (gate): Linear(inFeatures=3, outFeatures=3)',
    ')',
  ].join('\n'),
});

it('Highway carries x where its gate is shut', () => {
  const layer = new nn.Highway(4, { gateBias: -200 });
  expect(layer.forward(ones([2, 4])).toArray()).toEqual(ones([2, 4]).toArray());
});
