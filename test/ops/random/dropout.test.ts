import { bernoulli, dropout, Generator, ones, seed, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec, unarySamples } from '../../harness.js';

spec('dropout', (x) => dropout(x, 0.4, { generator: new Generator(3) }), {
  reference: ([{ shape, data }]) => {
    const kept = bernoulli(0.6, shape, { generator: new Generator(3) }).data();
    return { shape, data: data.map((x, i) => (kept[i] ? x / 0.6 : 0)) };
  },
  samples: unarySamples(),
});

describe.each(engines)('dropout on $name', ({ use }) => {
  it('zeroes about p of the elements, scales the others, and their gradients likewise', () => {
    use();
    const x = ones([10000]).requireGrad();
    const y = dropout(x, 0.3, { generator: new Generator(1) });
    y.sum().backward();
    const values = y.data();
    const zeroed = values.filter((v) => v === 0).length;
    // Five standard deviations of the binomial distribution: √(10000 · 0.3 · 0.7) = 46.
    expect(Math.abs(zeroed - 3000)).toBeLessThan(230);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(x.grad?.data()).toEqual(values);
  });

  it('gives the same for the same seed, and other elements for another', () => {
    use();
    seed(7);
    const first = dropout(ones([64])).data();
    const second = dropout(ones([64])).data();
    seed(7);
    expect(dropout(ones([64])).data()).toEqual(first);
    expect(second).not.toEqual(first);
  });

  it('passes x unchanged without training or with p = 0, and nothing with p = 1', () => {
    use();
    const x = tensor([1, 2, 3]);
    expect(dropout(x, 0.5, { training: false })).toBe(x);
    expect(dropout(x, 0)).toBe(x);
    expect(dropout(x, 1).toArray()).toEqual([0, 0, 0]);
    expect(dropout(ones([0]), 0.5).shape).toEqual([0]);
  });
});

it('leaves what stays as it is by the plain convention, and scales in evaluation by the probability of staying', () => {
  const convention = 'plain';
  const y = dropout(ones([1000]), 0.3, { convention, generator: new Generator(1) });
  expect(new Set(y.data())).toEqual(new Set([0, 1]));
  expect(y.mean().item()).toBeCloseTo(0.7, 1);
  // Lecture notes 000, line 729, and lecture notes 002, line 254, print the factor p, which is right for the
  // probability of staying only.
  expect(dropout(ones([2]), 0.3, { convention, training: false }).data()).toEqual(new Float32Array([0.7, 0.7]));
});

it.each([
  [() => dropout(ones([2]), 1.5), 'dropout: p must be within 0 … 1; got 1.5'],
  [
    () => dropout(ones([2]), 0.5, { convention: 'scaled' as never }),
    "dropout: convention must be 'inverted' or 'plain'; got 'scaled'",
  ],
])('states its errors: %#', (call, says) => {
  expect(call).toThrow(says);
});
