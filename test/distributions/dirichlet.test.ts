import { tensor } from 'adjoint';
import { Dirichlet } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Dirichlet', {
  make: ({ concentration }) => new Dirichlet(concentration),
  batch: {
    concentration: [
      [1, 2, 3],
      [0.5, 0.5, 4],
    ],
  },
  one: { concentration: [1.5, 2, 0.75] },
  other: { concentration: [1, 3, 1] },
  values: [
    [0.25, 0.5, 0.25],
    [0.125, 0.125, 0.75],
  ],
  implicit: true,
  errors: [
    {
      call: () => new Dirichlet(tensor([1, 0])),
      says: 'Dirichlet: concentration must be a finite number > 0; got 0 at [1]',
    },
    { call: () => new Dirichlet(tensor(1)), says: 'Dirichlet: concentration must have the axes [..., k]; got []' },
    {
      call: () => new Dirichlet(tensor([1, 2])).logProb(tensor([0.5, 0.75])),
      says: 'Dirichlet.logProb: value must be shares whose sum is 1; got 1.25',
    },
    {
      call: () => new Dirichlet(tensor([1, 2])).logProb(tensor([1])),
      says: "Dirichlet.logProb: value must end with the event's axes [2]; got [1]",
    },
  ],
});

it('Dirichlet has a mode inside where all concentrations are above 1', () => {
  expect([
    ...new Dirichlet(
      tensor([
        [2, 4],
        [1, 4],
      ]),
    ).mode.data(),
  ]).toEqual([0.25, 0.75, NaN, NaN]);
});
