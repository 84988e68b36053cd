import { nn, softplus } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softplus', {
  make: () => new nn.Softplus(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => softplus(x),
  text: 'Softplus()',
});
