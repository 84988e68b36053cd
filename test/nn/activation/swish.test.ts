import { nn, swish } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Swish', {
  make: () => new nn.Swish(1.5),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => swish(x, 1.5),
  text: 'Swish(beta=1.5)',
});
