import { nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Identity', {
  make: () => new nn.Identity(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x: Tensor) => x,
  text: 'Identity()',
});
