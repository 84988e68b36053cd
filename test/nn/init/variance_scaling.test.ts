import { Generator, nn, randn, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

const { init } = nn;
const generator = (): Generator => new Generator(11);

/** Fan in 36, fan out 72 · 9 = 648. */
const weight = (): Tensor => zeros([72, 4, 3, 3]);
const deviation = (x: Tensor): number => Number(x.std().item());
const largest = (x: Tensor): number => Number(x.abs().max().item());

describe('varianceScaling', () => {
  it.each([
    ['fanIn', 36],
    ['fanOut', 648],
    ['fanAvg', 342],
  ] as const)('divides by %s, whatever the distribution', (mode, fan) => {
    for (const distribution of ['truncNormal', 'normal', 'uniform'] as const) {
      const w = init.varianceScaling(weight(), { scale: 2, mode, distribution, generator: generator() });
      // 2592 numbers: the estimate's own deviation is 1 / √5184 = 1.4 %.
      expect(Math.abs(deviation(w) / Math.sqrt(2 / fan) - 1)).toBeLessThan(0.05);
    }
  });

  it('cuts a normal distribution at two of its deviations', () => {
    const w = init.varianceScaling(weight(), { generator: generator() });
    const bound = 2 / 0.87962566103423978 / 6;
    expect(largest(w)).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest(w)).toBeGreaterThan(0.95 * bound);
  });

  it("lecture notes 004, line 4438: He's of the mean of both fans", () => {
    const options = { scale: 2, mode: 'fanAvg', generator: generator() } as const;
    const uniform = init.varianceScaling(weight(), { ...options, distribution: 'uniform' });
    expect(largest(uniform) / (Math.SQRT2 * Math.sqrt(6 / 684))).toBeCloseTo(1, 2);
    const normal = init.varianceScaling(weight(), { ...options, distribution: 'normal' });
    expect(Math.abs(deviation(normal) / (Math.SQRT2 * Math.sqrt(2 / 684)) - 1)).toBeLessThan(0.05);
  });

  it("is LeCun's with the fan in", () => {
    expect(largest(init.lecunUniform(weight(), { generator: generator() })) / Math.sqrt(3 / 36)).toBeCloseTo(1, 2);
    expect(Math.abs(deviation(init.lecunNormal(weight(), { generator: generator() })) * 6 - 1)).toBeLessThan(0.05);
  });

  it('keeps the variance of signals through 50 linear layers', () => {
    const random = { generator: generator() };
    let x: Tensor = randn([50, 100], random);
    for (let i = 0; i < 50; i++) x = x.matmul(init.lecunNormal(zeros([100, 100]), random).transpose());
    expect(deviation(x)).toBeGreaterThan(0.3);
    expect(deviation(x)).toBeLessThan(3);
  });

  it('gives zeros where there are no inputs', () => {
    expect(init.varianceScaling(zeros([3, 0])).shape).toEqual([3, 0]);
  });

  it('states its errors', () => {
    const refusal = (options: object): string => message(() => init.varianceScaling(weight(), options));
    expect(refusal({ scale: -1 })).toBe('ValueError varianceScaling: scale must be a finite number ≥ 0; got -1');
    expect(refusal({ mode: 'fan_in' })).toBe(
      "ValueError varianceScaling: mode must be 'fanIn', 'fanOut' or 'fanAvg'; got 'fan_in'",
    );
    expect(refusal({ distribution: 'flat' })).toBe(
      "ValueError varianceScaling: distribution must be 'truncNormal', 'normal' or 'uniform'; got 'flat'",
    );
    expect(message(() => init.varianceScaling(zeros([3])))).toBe(
      'ShapeError varianceScaling: the tensor must have the axes [out, in, ...]; got [3]',
    );
  });
});
