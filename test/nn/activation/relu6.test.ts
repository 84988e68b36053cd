import { nn, relu6 } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('ReLU6', {
  make: () => new nn.ReLU6(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => relu6(x),
  text: 'ReLU6()',
});
