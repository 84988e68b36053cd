import { localResponseNorm, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LocalResponseNorm', {
  make: () => new nn.LocalResponseNorm(3, { alpha: 0.5 }),
  inputs: [
    [2, 4],
    [1, 3, 2],
    [0, 4],
  ],
  equals: (_, x) => localResponseNorm(x, 3, { alpha: 0.5 }),
  text: 'LocalResponseNorm(size=3, alpha=0.5, beta=0.75, k=1)',
  errors: [
    {
      call: () => new nn.LocalResponseNorm(0),
      says: 'LocalResponseNorm: size must be a whole number ≥ 1; got 0',
    },
    {
      call: () => new nn.LocalResponseNorm(3, { k: Number.NaN }),
      says: 'LocalResponseNorm: k must be a finite number; got NaN',
    },
  ],
});
