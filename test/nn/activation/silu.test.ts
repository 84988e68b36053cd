import { nn, silu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SiLU', {
  make: () => new nn.SiLU(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => silu(x),
  text: 'SiLU()',
});
