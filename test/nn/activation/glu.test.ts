import { glu, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GLU', {
  make: () => new nn.GLU(),
  inputs: [
    [2, 4],
    [1, 2],
    [0, 4],
  ],
  equals: (_, x) => glu(x),
  text: 'GLU(axis=-1)',
});
