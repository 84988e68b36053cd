import { leakyRelu, nn, ones } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LeakyReLU', {
  make: () => new nn.LeakyReLU(0.1),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => leakyRelu(x, 0.1),
  text: 'LeakyReLU(negativeSlope=0.1)',
  errors: [
    {
      call: () => new nn.LeakyReLU(Number.NaN).forward(ones([2])),
      says: 'leakyRelu: slope must be a finite number; got NaN',
    },
  ],
});
