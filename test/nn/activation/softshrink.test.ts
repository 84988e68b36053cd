import { nn, softshrink } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softshrink', {
  make: () => new nn.Softshrink(0.7),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => softshrink(x, 0.7),
  text: 'Softshrink(lambda=0.7)',
});
