import { elu, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('ELU', {
  make: () => new nn.ELU(0.5),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => elu(x, 0.5),
  text: 'ELU(alpha=0.5)',
});
