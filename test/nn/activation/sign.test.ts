import { nn, sign } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Sign', {
  make: () => new nn.Sign(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => sign(x),
  text: 'Sign()',
  differentiable: false,
});
