import { nn, step } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Step', {
  make: () => new nn.Step(0.5),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => step(x, 0.5),
  text: 'Step(atZero=0.5)',
  differentiable: false,
});
