import { maxout, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Maxout', {
  make: () => new nn.Maxout(2),
  inputs: [
    [2, 4],
    [1, 2, 3],
    [0, 4],
  ],
  equals: (_, x) => maxout(x, 2),
  text: 'Maxout(pieces=2, axis=1)',
  errors: [{ call: () => new nn.Maxout(0), says: 'Maxout: pieces must be a whole number ≥ 1; got 0' }],
});
