import { aplu, nn, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('APLU', {
  make: (options) => new nn.APLU(3, options),
  inputs: [
    [2, 3],
    [1, 3, 2],
    [0, 3],
  ],
  equals: ({ a, b }, x) => aplu(x, a, b),
  text: 'APLU(numChannels=3)',
  errors: [
    { call: () => new nn.APLU(0), says: 'APLU: numChannels must be a whole number ≥ 1; got 0' },
    { call: () => new nn.APLU(3, { hinges: 0 }), says: 'APLU: hinges must be a whole number ≥ 1; got 0' },
  ],
});

it('APLU starts as ReLU, and has the penalty of the notes', () => {
  const layer = new nn.APLU(1, { hinges: 1 });
  const x = tensor([-2, 0, 3]);
  expect(layer.forward(x).data()).toEqual(x.relu().data());
  nn.init.constant(layer.a, 2);
  nn.init.constant(layer.b, -3);
  expect(layer.penalty().item()).toBeCloseTo(0.013, 8);
});
