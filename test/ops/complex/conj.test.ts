import { conj, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { eachPair, onPairs } from '../../complex.js';
import { spec } from '../../harness.js';

spec('conj', onPairs(conj), {
  reference: eachPair(([re, im]) => [re, -im]),
  samples: [[2], [3, 2], [0, 2], [2, 37, 2]].map((shape) => ({ operands: [{ shape }] })),
});

it('conj of a real tensor is itself', () => {
  const x = tensor([1, 2]);
  expect(conj(x)).toBe(x);
});
