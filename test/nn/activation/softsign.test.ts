import { nn, softsign } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Softsign', {
  make: () => new nn.Softsign(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => softsign(x),
  text: 'Softsign()',
});
