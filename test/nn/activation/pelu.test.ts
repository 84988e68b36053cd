import { nn, pelu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('PELU', {
  make: (options) => new nn.PELU(3, options),
  inputs: [
    [2, 3],
    [1, 3, 2],
    [0, 3],
  ],
  equals: ({ a, b }, x) => pelu(x, a, b),
  text: 'PELU(numParameters=3)',
  errors: [{ call: () => new nn.PELU(0), says: 'PELU: numParameters must be a whole number ≥ 1; got 0' }],
});
