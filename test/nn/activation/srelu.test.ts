import { nn, srelu } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SReLU', {
  make: (options) => new nn.SReLU(3, { ...options, maxInput: 0.5, slope: 0.3 }),
  inputs: [
    [2, 3],
    [1, 3, 2],
    [0, 3],
  ],
  equals: (layer, x) => srelu(x, layer),
  text: 'SReLU(numChannels=3)',
  errors: [{ call: () => new nn.SReLU(0), says: 'SReLU: numChannels must be a whole number ≥ 1; got 0' }],
});
