import { hardsigmoid, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Hardsigmoid', {
  make: () => new nn.Hardsigmoid(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => hardsigmoid(x),
  text: 'Hardsigmoid()',
});
