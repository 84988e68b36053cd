import {
  bernoulli,
  defaultGenerator,
  Generator,
  rand,
  randint,
  randn,
  randperm,
  seed,
  setBackend,
  setNumThreads,
  type Tensor,
} from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';
import { kolmogorovSmirnov, moments } from '../../statistics.js';

const n = 20_000;
/** Φ by its series around 0: Abramowitz, Stegun 1964, 26.2.11. */
function normalDistribution(x: number): number {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let term = x;
  let total = x;
  for (let k = 1; Math.abs(term) > 1e-17; k++) {
    term *= (x * x) / (2 * k + 1);
    total += term;
  }
  return 0.5 + (total * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Every random function, with sizes that end within a block. */
const draws: Record<string, (generator: Generator) => Tensor> = {
  rand: (generator) => rand([103], { low: -1, high: 3, generator }),
  'rand float64': (generator) => rand([7, 9], { dtype: 'float64', generator }),
  'rand bfloat16': (generator) => rand([33], { dtype: 'bfloat16', generator }),
  randint: (generator) => randint(-5, 1000, [101], { generator }),
  bernoulli: (generator) => bernoulli(0.3, [103], { generator }),
  randperm: (generator) => randperm(101, { generator }),
};
const normals: Record<string, (generator: Generator) => Tensor> = {
  randn: (generator) => randn([103], { mean: 1, std: 2, generator }),
  'randn float64': (generator) => randn([5, 7], { dtype: 'float64', generator }),
};
const all = Object.entries({ ...draws, ...normals });

describe.each(engines)('random numbers on $name', ({ name, use }) => {
  it.each(Object.entries(draws))('%s has the bits of the reference, on one thread and on two', (_, draw) => {
    setBackend('reference');
    const expected = draw(new Generator(2 ** 40 + 7)).data();
    use();
    for (const threads of name === 'reference' ? [1] : [1, 2]) {
      setNumThreads(threads);
      expect(draw(new Generator(2 ** 40 + 7)).data()).toEqual(expected);
    }
  });

  it.each(Object.entries(normals))('%s is within an ULP of the reference, on one thread and on two', (_, draw) => {
    setBackend('reference');
    const reference = draw(new Generator(99)).data();
    use();
    setNumThreads(1);
    const x = draw(new Generator(99)).data();
    const ulp = x instanceof Float32Array ? 2 ** -23 : 2 ** -52;
    x.forEach((value: number, i: number) => {
      // mean + std · z: an ULP of z may be larger than one of the sum.
      expect(Math.abs(value - reference[i])).toBeLessThanOrEqual(ulp * (Math.abs(reference[i]) + 2));
    });
    if (name === 'reference') return;
    setNumThreads(2);
    expect(draw(new Generator(99)).data()).toEqual(x);
  });

  it.each(all)('%s repeats with the seed, moves on, and goes on from a saved state', (_, draw) => {
    use();
    const [one, two] = [new Generator(5), new Generator(5)];
    const first = draw(one).data();
    expect(draw(two).data()).toEqual(first);
    const second = draw(one).data();
    expect(second).not.toEqual(first);
    expect(draw(Generator.from(two.stateDict())).data()).toEqual(second);
    expect(draw(new Generator(6)).data()).not.toEqual(first);
  });

  it('draws from the default generator, which seed restarts', () => {
    use();
    seed(3);
    const first = [rand([5]).data(), randn([5]).data(), randperm(5).data()];
    expect(defaultGenerator().stateDict()).toEqual({ seed: 3, counter: 6 });
    seed(3);
    expect([rand([5]).data(), randn([5]).data(), randperm(5).data()]).toEqual(first);
    seed(0);
  });

  it('rand is uniform', () => {
    use();
    for (const dtype of ['float32', 'float64'] as const) {
      const x = rand([n], { low: -1, high: 3, dtype, generator: new Generator(1) }).data();
      expect(x.every((v) => v >= -1 && v < 3)).toBe(true);
      expect(kolmogorovSmirnov(x, (v) => (v + 1) / 4)).toBeLessThan(1.95);
      expect(moments(x).mean).toBeCloseTo(1, 1);
      expect(moments(x).variance).toBeCloseTo(16 / 12, 1);
    }
  });

  it('randn is normal', () => {
    use();
    const x = randn([n], { mean: 3, std: 2, generator: new Generator(2) }).data();
    expect(kolmogorovSmirnov(x, (v) => normalDistribution((v - 3) / 2))).toBeLessThan(1.95);
    expect(moments(x).mean).toBeCloseTo(3, 1);
    expect(moments(x).variance).toBeCloseTo(4, 0);
    // Neighbours come from one pair of uniforms and must not be related.
    const centred = Array.from(x, (v) => (v - 3) / 2);
    const product = centred.slice(1).reduce((total, v, i) => total + v * centred[i], 0);
    expect(Math.abs(product / n)).toBeLessThan(0.03);
  });

  it('randint covers its range evenly', () => {
    use();
    const counts = new Array<number>(7).fill(0);
    for (const v of randint(-3, 4, [n], { generator: new Generator(3) }).data()) counts[v + 3]++;
    const expected = n / 7;
    // χ² with 6 degrees of freedom is above 22.5 with probability 0.001.
    expect(counts.reduce((total, c) => total + (c - expected) ** 2 / expected, 0)).toBeLessThan(22.5);
    expect(new Set(randint(5, 6, [9]).data())).toEqual(new Set([5]));
    expect(Math.max(...randint(-(2 ** 31), 2 ** 31, [999]).data())).toBeGreaterThan(2 ** 30);
  });

  it('bernoulli holds as often as it should', () => {
    use();
    const { mean } = moments(bernoulli(0.3, [n], { generator: new Generator(4) }).data());
    // Four standard deviations.
    expect(Math.abs(mean - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / n));
    expect(bernoulli(0, [99]).any().item()).toBe(false);
    expect(bernoulli(1, [99]).all().item()).toBe(true);
  });

  it('takes nothing from the generator for an empty tensor', () => {
    use();
    const generator = new Generator(1);
    expect(randn([0, 3], { generator }).shape).toEqual([0, 3]);
    expect(generator.stateDict().counter).toBe(0);
  });
});

it('random functions compute shapes in types and mark leaves', () => {
  expectTypeOf(rand([2, 3])).toEqualTypeOf<Tensor<[2, 3], 'float32'>>();
  expectTypeOf(randn([2], { dtype: 'float64' })).toEqualTypeOf<Tensor<[2], 'float64'>>();
  expectTypeOf(randint(0, 3, [4])).toEqualTypeOf<Tensor<[4], 'int32'>>();
  expectTypeOf(bernoulli(0.5, [4])).toEqualTypeOf<Tensor<[4], 'bool'>>();
  expect(randn([2], { requiresGrad: true }).requiresGrad).toBe(true);
});

it.each([
  [() => rand([1], { low: 1, high: 0 }), 'rand: low and high must be finite, low ≤ high; got 1 and 0'],
  [() => rand([1], { dtype: 'int32' as 'float32' }), 'rand: dtype must be floating-point; got int32; use randint'],
  [() => randn([1], { std: -1 }), 'randn: mean must be finite and std finite and ≥ 0; got 0 and -1'],
  [() => randn([-1]), 'randn: a dimension must be a whole number ≥ 0; got -1 in [-1]'],
  [
    () => randint(3, 3, [1]),
    'randint: low and high must be whole numbers from -2147483648 to 2147483648, low < high; got 3 and 3',
  ],
  [() => bernoulli(1.5, [1]), 'bernoulli: p must be within 0 … 1; got 1.5'],
  [() => new Generator(-1), 'Generator: seed must be a whole number from 0 to 2^53 − 1; got -1'],
  [() => Generator.from({ seed: 1, counter: 0.5 }), 'Generator.from: counter must be a whole number ≥ 0; got 0.5'],
])('random functions state error %#', (call, message) => {
  expect(call).toThrow(message);
});
