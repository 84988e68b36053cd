import { tensor } from 'adjoint';
import { Normal } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

distributionSpec('Normal', {
  make: ({ loc, scale }) => new Normal(loc, scale),
  batch: { loc: [1, -2], scale: 0.5 },
  one: { loc: 0.5, scale: 1.5 },
  other: { loc: -0.25, scale: 2 },
  values: [-2, 0.3, 0.5, 3],
  range: [-9.5, 10.5],
  errors: [
    { call: () => new Normal(0, -1), says: 'Normal: scale must be a finite number > 0; got -1' },
    {
      call: () => new Normal(0, tensor([[1, 0]])),
      says: 'Normal: scale must be a finite number > 0; got 0 at [0, 1]',
    },
    { call: () => new Normal(Infinity, 1), says: 'Normal: loc must be a finite number; got Infinity' },
    {
      call: () => new Normal(tensor([1, 2]), tensor([1, 2, 3])),
      says:
        'Normal: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; ' +
        'each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
    { call: () => new Normal(0, 1).logProb(NaN), says: 'Normal.logProb: value must be a number; got NaN' },
    { call: () => new Normal(0, 1).icdf(1.5), says: 'Normal.icdf: value must be within 0 … 1; got 1.5' },
    {
      call: () => new Normal(tensor([1, 2]), 1).logProb(tensor([1, 2, 3])),
      says:
        'Normal.logProb: shapes [3] and [2] do not broadcast: 3 and 2 differ in axis -1; ' +
        'each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
  ],
});

it('Normal takes numbers, which have the dtype of tensors, and has its mode in the middle', () => {
  expect(new Normal(0, 1).dtype).toBe('float32');
  const p = new Normal(2, tensor([1, 2], { dtype: 'float64' }));
  expect([p.loc.dtype, p.loc.shape, [...p.mode.data()]]).toEqual(['float64', [2], [2, 2]]);
  expect(new Normal(tensor(1, { dtype: 'int32' }), 1).dtype).toBe('float32');
  expect(p.logProb(2).shape).toEqual([2]);
});
