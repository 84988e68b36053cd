import { imag, real, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { eachPairToReal, onPairs } from '../../complex.js';
import { spec } from '../../harness.js';

const samples = [[2], [3, 2], [0, 2], [2, 19, 2]].map((shape) => ({ operands: [{ shape }] }));

spec('real', onPairs(real), { reference: eachPairToReal(([re]) => re), samples });

spec('imag', onPairs(imag), {
  reference: eachPairToReal(([, im]) => im),
  samples,
  errors: [{ call: () => imag(zeros([2])), says: 'imag: the operand must be complex; got float32' }],
});

it('real of a real tensor is itself', () => {
  const x = tensor([1, 2]);
  expect(real(x)).toBe(x);
});
