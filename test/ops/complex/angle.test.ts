import { angle, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { eachPairToReal, onPairs } from '../../complex.js';
import { spec } from '../../harness.js';

spec('angle', onPairs(angle), {
  reference: eachPairToReal(([re, im]) => Math.atan2(im, re)),
  samples: [[2], [5, 2], [0, 2], [2, 19, 2]].map((shape) => ({
    operands: [{ shape, range: [0.3, 2] as [number, number] }],
  })),
});

it('angle of a real number is 0, or π', () => {
  expect([...angle(tensor([2, -3, 0])).data()]).toEqual([0, Math.fround(Math.PI), 0]);
});
