import { mish, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Mish', {
  make: () => new nn.Mish(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => mish(x),
  text: 'Mish()',
});
