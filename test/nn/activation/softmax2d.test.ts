import { nn, ones, softmax } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softmax2d', {
  make: () => new nn.Softmax2d(),
  inputs: [
    [2, 3, 1, 2],
    [3, 2, 2],
    [0, 3, 2, 2],
  ],
  equals: (_, x) => softmax(x, -3),
  text: 'Softmax2d()',
  errors: [
    {
      call: () => new nn.Softmax2d().forward(ones([2, 3])),
      says: 'Softmax2d: x must have the axes [N, C, H, W] or [C, H, W]; got [2, 3]',
    },
  ],
});
