import { nn, scaledTanh } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('ScaledTanh', {
  make: () => new nn.ScaledTanh({ b: 0.5 }),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => scaledTanh(x, { b: 0.5 }),
  text: 'ScaledTanh(a=1.716, b=0.5)',
});
