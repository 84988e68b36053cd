import { logSigmoid, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LogSigmoid', {
  make: () => new nn.LogSigmoid(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => logSigmoid(x),
  text: 'LogSigmoid()',
});
