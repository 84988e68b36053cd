import { nn, selu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SELU', {
  make: () => new nn.SELU(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => selu(x),
  text: 'SELU()',
});
