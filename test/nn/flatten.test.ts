import { nn, type Tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../module_spec.js';

moduleSpec('Flatten', {
  make: () => new nn.Flatten(),
  inputs: [
    [2, 3, 2],
    [1, 4],
    [0, 3, 2],
  ],
  equals: (_, x: Tensor) => x.flatten(1),
  text: 'Flatten(startAxis=1, endAxis=-1)',
});

it('lecture notes 001, line 714: Flatten makes 784 elements of 28 × 28', () => {
  expect(new nn.Flatten().forward(zeros([5, 28, 28])).shape).toEqual([5, 784]);
});
