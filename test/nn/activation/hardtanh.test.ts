import { hardtanh, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Hardtanh', {
  make: () => new nn.Hardtanh(-0.5, 1.5),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => hardtanh(x, { min: -0.5, max: 1.5 }),
  text: 'Hardtanh(minVal=-0.5, maxVal=1.5)',
});
