import { nn, softmin } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softmin', {
  make: () => new nn.Softmin(0),
  inputs: [
    [2, 3],
    [1, 3],
    [2, 0],
  ],
  equals: (_, x) => softmin(x, 0),
  examples: 1,
  text: 'Softmin(axis=0)',
});
