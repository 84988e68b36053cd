import { nn, tanh } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Tanh', {
  make: () => new nn.Tanh(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => tanh(x),
  text: 'Tanh()',
});
