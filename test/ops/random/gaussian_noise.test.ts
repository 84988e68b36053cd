import { Generator, gaussianNoise, ones, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('gaussianNoise', gaussianNoise, {
  reference: elementwise((x) => x),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [0.5, { training: false }] })),
    { operands: [{ shape: [9] }], args: [0] },
  ],
  errors: [
    { call: () => gaussianNoise(ones([3]), -1), says: 'gaussianNoise: std must be a finite number ≥ 0; got -1' },
  ],
});

it('gaussianNoise has the deviation that is asked for, and passes the gradient', () => {
  const x = zeros([10_000]).requireGrad();
  const y = gaussianNoise(x, 0.5, { generator: new Generator(4) });
  expect(y.std().item()).toBeCloseTo(0.5, 2);
  expect(Math.abs(y.mean().item())).toBeLessThan(0.02);
  y.sum().backward();
  expect(new Set(x.grad?.data())).toEqual(new Set([1]));
});
