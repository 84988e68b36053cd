import { nn, squash } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Squash', {
  make: () => new nn.Squash(-1),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: (_, x) => squash(x, -1),
  text: 'Squash(axis=-1)',
});
