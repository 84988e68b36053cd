import { Generator, gaussianNoise, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GaussianNoise', {
  make: (options) => new nn.GaussianNoise(0.3, options),
  inputs: [[3, 5], [1], [0, 4]],
  equals: ({ training }, x) => gaussianNoise(x, 0.3, { training, generator: new Generator(3) }),
  text: 'GaussianNoise(std=0.3)',
  errors: [{ call: () => new nn.GaussianNoise(-1), says: 'GaussianNoise: std must be a finite number ≥ 0; got -1' }],
});
