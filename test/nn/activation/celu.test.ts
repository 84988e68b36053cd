import { celu, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('CELU', {
  make: () => new nn.CELU(0.5),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => celu(x, 0.5),
  text: 'CELU(alpha=0.5)',
});
