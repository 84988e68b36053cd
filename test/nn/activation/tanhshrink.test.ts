import { nn, tanhshrink } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Tanhshrink', {
  make: () => new nn.Tanhshrink(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => tanhshrink(x),
  text: 'Tanhshrink()',
});
