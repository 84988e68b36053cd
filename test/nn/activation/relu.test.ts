import { nn, relu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('ReLU', {
  make: () => new nn.ReLU(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => relu(x),
  text: 'ReLU()',
});
