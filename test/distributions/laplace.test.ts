import { Laplace } from 'adjoint/distributions';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Laplace', {
  make: ({ loc, scale }) => new Laplace(loc, scale),
  batch: { loc: [1, -2], scale: 0.5 },
  one: { loc: 0.5, scale: 0.75 },
  other: { loc: -0.25, scale: 2 },
  values: [-2, 0.3, 0.75, 3],
  // The kink lies on a point of the grid, the 4000th.
  range: [-19.5, 20.5],
  errors: [
    { call: () => new Laplace(0, 0), says: 'Laplace: scale must be a finite number > 0; got 0' },
    { call: () => new Laplace(0, 1).cdf(NaN), says: 'Laplace.cdf: value must be a number; got NaN' },
  ],
});
