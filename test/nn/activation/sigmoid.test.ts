import { nn, sigmoid } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Sigmoid', {
  make: () => new nn.Sigmoid(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => sigmoid(x),
  text: 'Sigmoid()',
});
