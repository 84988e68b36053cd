import { interpolate, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Upsample', {
  make: () => new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' }),
  inputs: [
    [1, 2, 2, 3],
    [1, 1, 3, 2],
    [0, 2, 3, 3],
  ],
  equals: (_, x) => interpolate(x, { scaleFactor: 2, mode: 'bilinear' }),
  text: "Upsample(scaleFactor=2, mode='bilinear')",
});
