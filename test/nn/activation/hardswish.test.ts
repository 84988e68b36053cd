import { hardswish, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Hardswish', {
  make: () => new nn.Hardswish(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => hardswish(x),
  text: 'Hardswish()',
});
