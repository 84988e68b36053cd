import { nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../module_spec.js';

moduleSpec('Flatten', {
  make: () => new nn.Flatten(),
  inputs: [
    [2, 3, 2],
    [1, 4],
    [0, 3, 2],
  ],
  equals: (_, x: Tensor) => x.flatten(1),
  text: 'Flatten(startAxis=1, endAxis=-1)',
});
