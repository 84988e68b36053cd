import { hardshrink, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Hardshrink', {
  make: () => new nn.Hardshrink(0.7),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => hardshrink(x, 0.7),
  text: 'Hardshrink(lambda=0.7)',
});
