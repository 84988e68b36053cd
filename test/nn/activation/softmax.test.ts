import { nn, softmax } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softmax', {
  make: () => new nn.Softmax(1),
  inputs: [
    [2, 3],
    [2, 1, 3],
    [0, 3],
  ],
  equals: (_, x) => softmax(x, 1),
  text: 'Softmax(axis=1)',
});
