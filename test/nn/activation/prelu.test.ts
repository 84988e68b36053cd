import { nn, prelu, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('PReLU', {
  make: (options) => new nn.PReLU(3, options),
  inputs: [
    [2, 3],
    [1, 3, 2],
    [0, 3],
  ],
  equals: ({ weight }, x) => prelu(x, weight),
  text: 'PReLU(numParameters=3)',
  errors: [{ call: () => new nn.PReLU(0), says: 'PReLU: numParameters must be a whole number ≥ 1; got 0' }],
});

it('PReLU starts with the slope that is asked for, by default a quarter', () => {
  expect(new nn.PReLU().forward(tensor([-4, 3])).toArray()).toEqual([-1, 3]);
  const x = tensor([-2, 0, 3]);
  expect(new nn.PReLU(1, { init: 0 }).forward(x).add(0).toArray()).toEqual(x.relu().toArray());
});
