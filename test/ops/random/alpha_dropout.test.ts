import { alphaDropout, Generator, ones, randn } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('alphaDropout', alphaDropout, {
  reference: elementwise((x) => x),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [0.5, { training: false }] })),
    { operands: [{ shape: [9] }], args: [0] },
  ],
  errors: [{ call: () => alphaDropout(ones([3]), 1.5), says: 'alphaDropout: p must be within 0 … 1; got 1.5' }],
});

it('alphaDropout keeps mean 0 and variance 1, and gives one value to what it drops', () => {
  const x = randn([40_000], { generator: new Generator(2) });
  const y = alphaDropout(x, 0.3, { generator: new Generator(3) });
  expect(Math.abs(y.mean().item())).toBeLessThan(0.02);
  expect(Math.abs(y.variance().item() - 1)).toBeLessThan(0.03);
  const counts = new Map<number, number>();
  for (const v of y.data()) counts.set(v, (counts.get(v) ?? 0) + 1);
  expect(Math.max(...counts.values()) / 40_000).toBeCloseTo(0.3, 1);
  expect(alphaDropout(ones([2]), 1).toArray()).toEqual([0, 0]);
});
