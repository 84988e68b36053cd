import { nn, threshold } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Threshold', {
  make: () => new nn.Threshold(0.2, -1),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => threshold(x, 0.2, -1),
  text: 'Threshold(threshold=0.2, value=-1)',
});
