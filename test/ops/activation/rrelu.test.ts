import { Generator, ones, rrelu, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

spec('rrelu', rrelu, {
  reference: ([x], { lower = 1 / 8, upper = 1 / 3 }) =>
    elementwise((v) => (v < 0 ? (v * (lower + upper)) / 2 : v))([x]),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [{ training: false }] })),
    { operands: [{ shape: [9] }], args: [{ lower: 0.3, upper: 0.5, training: false }] },
  ],
  errors: [
    {
      call: () => rrelu(tensor([1]), { lower: 1, upper: 0 }),
      says: 'rrelu: lower and upper must be finite, lower ≤ upper; got 1 and 0',
    },
  ],
});

describe.each(engines)('rrelu on $name', ({ use }) => {
  it('draws a slope of its own for each negative element, in training', () => {
    use();
    const options = { lower: 0.25, upper: 0.5 };
    const x = ones([1000]).mul(-1).requireGrad();
    const y = rrelu(x, { ...options, generator: new Generator(5) });
    const slopes = [...y.neg().data()];
    expect(Math.min(...slopes)).toBeGreaterThanOrEqual(0.25);
    expect(Math.max(...slopes)).toBeLessThan(0.5);
    expect(new Set(slopes).size).toBeGreaterThan(900);
    expect(slopes.reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(0.375, 2);
    y.sum().backward();
    expect([...(x.grad?.data() ?? [])]).toEqual(slopes);
    expect(rrelu(x, { ...options, generator: new Generator(5) }).data()).toEqual(y.data());
    expect(rrelu(zeros([2]), options).toArray()).toEqual([0, 0]);
  });
});
