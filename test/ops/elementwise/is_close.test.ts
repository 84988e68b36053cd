import { allClose, isClose, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

const integers = { shape: [5], dtype: 'int32' as const };

spec('isClose', isClose, {
  reference: ([a, b], { rtol = 1e-5, atol = 1e-8 } = {}) =>
    broadcasting((p, q) =>
      Number(p === q || (Math.abs(p - q) < Infinity && Math.abs(p - q) <= atol + rtol * Math.abs(q))),
    )([a, b]),
  samples: [
    ...binarySamples().map((sample) => ({ ...sample, args: [{ rtol: 0.5 }] })),
    {
      operands: [
        { shape: [6], values: [1, 1, Infinity, Infinity, Number.NaN, 5] },
        { shape: [6], values: [1 + 2 ** -20, 1.001, Infinity, -Infinity, Number.NaN, Infinity] },
      ],
    },
    { operands: [integers, integers], args: [{ atol: 3 }] },
  ],
  differentiable: false,
});

describe.each(engines)('allClose on $name', ({ use }) => {
  it('is a boolean', () => {
    use();
    expect(allClose(tensor([1, 2]), tensor([1, 2 + 1e-6]))).toBe(true);
    expect(tensor([1, 2]).allClose(tensor([1, 2.1]))).toBe(false);
    expect(
      allClose(tensor([2 ** 24 + 1], { dtype: 'int32' }), tensor([2 ** 24], { dtype: 'int32' }), { rtol: 0 }),
    ).toBe(false);
  });
});
