import { Generator, nn, rrelu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('RReLU', {
  make: ({ generator }) => new nn.RReLU({ lower: 0.1, upper: 0.5, generator }),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: ({ training }, x) => rrelu(x, { lower: 0.1, upper: 0.5, training, generator: new Generator(3) }),
  text: 'RReLU(lower=0.1, upper=0.5)',
});
