import { logSoftmax, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LogSoftmax', {
  make: () => new nn.LogSoftmax(-1),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: (_, x) => logSoftmax(x, -1),
  text: 'LogSoftmax(axis=-1)',
});
