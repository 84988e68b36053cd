import { Generator, nn, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';

const { init } = nn;
const generator = (): Generator => new Generator(11);

/** Fan in 36, fan out 72 · 9. */
const weight = (): Tensor => zeros([72, 4, 3, 3]);

const largest = (x: Tensor): number => Number(x.abs().max().item());
const deviation = (x: Tensor): number => Number(x.std().item());

describe('bounds and deviations', () => {
  it.each([
    ['xavierUniform', () => init.xavierUniform(weight(), { gain: 2, generator: generator() }), 2 * Math.sqrt(6 / 684)],
    ['kaimingUniform', () => init.kaimingUniform(weight(), { generator: generator() }), Math.sqrt(6 / 36)],
    [
      'kaimingUniform with a slope',
      () => init.kaimingUniform(weight(), { a: Math.sqrt(5), generator: generator() }),
      Math.sqrt(1 / 36),
    ],
    ['fanInUniform', () => init.fanInUniform(weight(), { generator: generator() }), Math.sqrt(1 / 36)],
    [
      'fanInUniform of a bias',
      () => init.fanInUniform(zeros([1000]), { fanIn: 4, generator: generator() }),
      Math.sqrt(1 / 4),
    ],
    [
      'heUniform of the fan out',
      () => init.heUniform(weight(), { mode: 'fanOut', nonlinearity: 'relu', generator: generator() }),
      Math.sqrt(6 / 648),
    ],
  ])('%s', (_, make, bound) => {
    expect(largest(make()) / bound).toBeCloseTo(1, 2);
    expect(largest(make())).toBeLessThanOrEqual(bound * (1 + 1e-6));
  });

  it.each([
    ['normal', () => init.normal(weight(), { std: 3, generator: generator() }), 3],
    ['xavierNormal', () => init.xavierNormal(weight(), { generator: generator() }), Math.sqrt(2 / 684)],
    ['kaimingNormal', () => init.kaimingNormal(weight(), { nonlinearity: 'tanh', generator: generator() }), 5 / 3 / 6],
  ])('%s', (_, make, std) => {
    // 2592 numbers: the estimate's own deviation is 1 / √5184 = 1.4 %.
    expect(Math.abs(deviation(make()) / std - 1)).toBeLessThan(0.05);
  });
});

it('writes in place, without a trace on the tape, and keeps the dtype', () => {
  const parameter = nn.parameter(zeros([2], { dtype: 'float64' }));
  expect(init.ones(parameter)).toBe(parameter);
  expect(parameter.toArray()).toEqual([1, 1]);
  expect(init.constant(parameter, 0.5).toArray()).toEqual([0.5, 0.5]);
  expect(init.zeros(parameter).toArray()).toEqual([0, 0]);
  expect(init.uniform(parameter, { low: 2, high: 3 }).node).toBeNull();
  expect(parameter.toArray().every((v) => v >= 2 && v < 3)).toBe(true);
});

it('states its errors', () => {
  expect(() => init.kaimingNormal(zeros([3]))).toThrow(
    'kaimingNormal: the tensor must have the axes [out, in, ...]; got [3]',
  );
  expect(() => init.fanInUniform(zeros([3]))).toThrow(
    'fanInUniform: the tensor must have the axes [out, in, ...]; got [3]',
  );
  expect(() => init.kaimingNormal(weight(), { mode: 'fan_in' as never })).toThrow(
    "kaimingNormal: mode must be 'fanIn' or 'fanOut'; got 'fan_in'",
  );
  expect(() => init.calculateGain('gelu' as never)).toThrow(
    "calculateGain: nonlinearity must be linear, conv2d, sigmoid, tanh, relu, leakyRelu or selu; got 'gelu'",
  );
});

it('has the gains of PyTorch', () => {
  expect(init.calculateGain('leakyRelu')).toBeCloseTo(1.41414, 5);
  expect(init.calculateGain('leakyRelu', 1)).toBe(1);
  expect(init.calculateGain('selu')).toBe(0.75);
  expect(init.calculateGain('sigmoid')).toBe(1);
});
