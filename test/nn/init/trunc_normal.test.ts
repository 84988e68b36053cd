import { Generator, nn, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { message } from '../../message.js';

const { truncNormal } = nn.init;
const draw = (options: object): number[] =>
  [...truncNormal(zeros([20_000], { dtype: 'float64' }), { generator: new Generator(5), ...options }).data()].sort(
    (a, b) => a - b,
  );

describe.each(engines)('truncNormal on $name', ({ use }) => {
  it('has the quantiles of a normal distribution that is cut off', () => {
    use();
    const x = draw({ mean: 1, std: 2, a: -3, b: 5 });
    expect(x[0]).toBeGreaterThanOrEqual(-3);
    expect(x[x.length - 1]).toBeLessThanOrEqual(5);
    // Φ(α) + 0.25 (Φ(β) − Φ(α)) of α, β = ∓2 is Φ(−0.6386…); a quantile's own deviation is about 0.02.
    expect(Math.abs(x[10_000] - 1)).toBeLessThan(0.1);
    expect(Math.abs(x[5_000] - (1 - 2 * 0.6391))).toBeLessThan(0.1);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    expect(Math.abs(Math.sqrt(variance) / (2 * 0.87962566103423978) - 1)).toBeLessThan(0.03);
  });

  it('draws from one side, and from a narrow strip', () => {
    use();
    const side = draw({ a: 0, b: Infinity });
    expect(side[0]).toBeGreaterThanOrEqual(0);
    // The median of |x| is Φ⁻¹(3/4).
    expect(Math.abs(side[10_000] - 0.6745)).toBeLessThan(0.03);
    const strip = draw({ a: 3, b: 3.001 });
    expect([strip[0] >= 3, strip[strip.length - 1] <= 3.001]).toEqual([true, true]);
    expect(Math.abs(strip[10_000] - 3.0005)).toBeLessThan(2e-5);
  });
});

it('truncNormal in float32 stays within its bounds', () => {
  const x = truncNormal(zeros([1000]), { a: -0.1, b: 0.1, generator: new Generator(1) });
  expect(x.dtype).toBe('float32');
  for (const value of x.data()) expect(Math.abs(value)).toBeLessThanOrEqual(Math.fround(0.1));
  expect(truncNormal(zeros([2]), { mean: 3, std: 0 }).toArray()).toEqual([3, 3]);
});

it('truncNormal states its errors', () => {
  const refusal = (options: object): string => message(() => truncNormal(zeros([2]), options));
  expect(refusal({ std: -1 })).toBe('ValueError truncNormal: std must be a finite number ≥ 0; got -1');
  expect(refusal({ mean: Number.NaN })).toBe('ValueError truncNormal: mean must be finite; got NaN');
  expect(refusal({ a: 2, b: -2 })).toBe('ValueError truncNormal: a must be below b; got 2 and -2');
});
