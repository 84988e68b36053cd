import { crossEntropy, Generator, tensor, zeros } from 'adjoint';
import {
  balancedSampler,
  bucketSampler,
  classWeights,
  type Sampler,
  sampleWeights,
  weightedSampler,
} from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

const drawn = (sampler: Sampler, seed = 1): number[] => [...sampler.order(new Generator(seed))];
const countsOf = (values: readonly number[], classes: number): number[] => {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) counts[value]++;
  return counts;
};
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('weightedSampler', () => {
  it('draws in proportion to weights', () => {
    const counts = countsOf(drawn(weightedSampler([0, 1, 0, 3, 0, 6, 0], { size: 10000 })), 7);
    expect([counts[0], counts[2], counts[4], counts[6]]).toEqual([0, 0, 0, 0]);
    // Deviation of a count with probability p: √(10,000 p (1 − p)) = 30, 46, 49.
    expect(Math.abs(counts[1] - 1000)).toBeLessThan(150);
    expect(Math.abs(counts[3] - 3000)).toBeLessThan(230);
    expect(Math.abs(counts[5] - 6000)).toBeLessThan(245);
    expect(drawn(weightedSampler(tensor([0, 2]), { size: 3 }))).toEqual([1, 1, 1]);
    expect(drawn(weightedSampler([1, 2, 3])).length).toBe(3);
  });

  it('draws in proportion to weights without replacement', () => {
    const first = [0, 0, 0, 0];
    const second = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const [a, b] = drawn(weightedSampler([0, 1, 3, 6], { size: 2, replacement: false }), seed);
      first[a]++;
      second[b]++;
    }
    expect(first[0] + second[0]).toBe(0);
    // First: w / 10. Second is 3 after 1 or 2: 0.1 · 6/9 + 0.3 · 6/7; deviations at most √(4000/4) = 32.
    expect(Math.abs(first[1] - 400)).toBeLessThan(100);
    expect(Math.abs(first[2] - 1200)).toBeLessThan(150);
    expect(Math.abs(second[3] - 4000 * (0.1 * (6 / 9) + 0.3 * (6 / 7)))).toBeLessThan(150);
    expect(sorted(drawn(weightedSampler([1, 2, 3, 1e-300], { replacement: false })))).toEqual([0, 1, 2, 3]);
  });
});

describe('balancedSampler', () => {
  it('draws each class as often, and all of its examples in turn', () => {
    const anyLabels = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(anyLabels, fc.integer({ min: 1, max: 60 }), fc.nat(), (labels, size, seed) => {
        const order = drawn(balancedSampler(labels, { size }), seed);
        expect(order.length).toBe(size);
        const times = countsOf(order, labels.length);
        const perClass = [...new Set(labels)].map((label) => {
          const own = times.filter((_, i) => labels[i] === label);
          expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
          return own.reduce((a, b) => a + b, 0);
        });
        expect(Math.max(...perClass) - Math.min(...perClass)).toBeLessThanOrEqual(1);
      }),
    );
    const labels = range(100).map((i) => (i < 90 ? 0 : 1));
    expect(
      countsOf(
        drawn(balancedSampler(labels)).map((i) => labels[i]),
        2,
      ),
    ).toEqual([50, 50]);
    expect(new Set(drawn(balancedSampler(labels, { size: 20 }))).size).toBe(20);
  });
});

describe('bucketSampler', () => {
  const lengths = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 50);
  const padding = (batches: readonly Int32Array[]): number =>
    batches.reduce((sum, batch) => {
      const longest = Math.max(...[...batch].map((i) => lengths[i]));
      return sum + [...batch].reduce((short, i) => short + longest - lengths[i], 0);
    }, 0);

  it('visits every example once, in batches of like lengths', () => {
    for (const [pool, most] of [
      [100, 1000],
      [4, 7000],
    ]) {
      const sampler = bucketSampler(lengths, { batchSize: 16, pool });
      const batches = sampler.batches(new Generator(1));
      expect([batches.length, sampler.length]).toEqual([63, 63]);
      expect(sorted(batches.flatMap((batch) => [...batch]))).toEqual(range(1000));
      expect(
        countsOf(
          batches.map((batch) => batch.length),
          17,
        )[16],
      ).toBe(62);
      // A batch of a pool of 4 spans a quarter of 0 … 49: about 6 a sequence, 6,000; at random 22,000.
      expect(padding(batches)).toBeLessThan(most);
      expect(sampler.batches(new Generator(2))).not.toEqual(batches);
    }
  });

  it('keeps the order of pools if asked, and leaves out a smaller batch', () => {
    const batches = bucketSampler([3, 1, 2, 9, 8, 7, 0], { batchSize: 2, pool: 2, shuffle: false, dropLast: true });
    expect(batches.batches(new Generator(1)).map((batch) => [...batch])).toEqual([
      [1, 2],
      [0, 3],
      [6, 5],
    ]);
  });
});

describe('weights of classes', () => {
  const labels = [0, 0, 0, 1, 2, 2];

  it("are scikit-learn's balanced ones", () => {
    const weights = classWeights(labels, { dtype: 'float64' });
    expect(weights.toArray()).toEqual([6 / 9, 2, 1]);
    expect([...sampleWeights(['a', 'a', 'a', 'b', 'c', 'c'])]).toEqual([6 / 9, 6 / 9, 6 / 9, 2, 1, 1]);
    expect(classWeights(tensor(new Int32Array(labels))).dtype).toBe('float32');
  });

  it('make every class count alike in a loss', () => {
    const weighted = crossEntropy(zeros([6, 3]), tensor(new Int32Array(labels)), { weight: classWeights(labels) });
    expect(weighted.item()).toBeCloseTo(Math.log(3), 6);
  });
});

it.each<[() => unknown, string]>([
  [() => weightedSampler([0, 0]), 'ValueError weightedSampler: a weight must be > 0; got 2 that are not'],
  [
    () => weightedSampler([1, Number.NaN]),
    'ValueError weightedSampler: weights must be finite and ≥ 0; weight 1 is NaN',
  ],
  [
    () => weightedSampler(zeros([2, 2])),
    'ShapeError weightedSampler: weights must have one axis, one an example; got shape [2, 2]',
  ],
  [
    () => weightedSampler([1, 2, 0], { replacement: false }),
    'ValueError weightedSampler: without replacement there must be 3 examples of a weight > 0; got 2',
  ],
  [() => balancedSampler([1, 2], { size: 0 }), 'ValueError balancedSampler: size must be a whole number ≥ 1; got 0'],
  [() => bucketSampler([], { batchSize: 2 }), 'ValueError bucketSampler: there must be examples; got no lengths'],
  [
    () => bucketSampler([1, 2, 3, 4, 5], { batchSize: 8, dropLast: true }),
    'ValueError bucketSampler: dropLast leaves no batch of 8 from 5 examples; use a batchSize of at most 5',
  ],
  [() => classWeights([0, 1, 3]), 'ValueError classWeights: every class must have an example; class 2 of 4 has none'],
  [() => classWeights([0, 5], { classes: 3 }), 'ValueError classWeights: labels must be from 0 to 2; got 5'],
  [() => classWeights([0, 0.5]), 'ValueError classWeights: a label must be a whole number ≥ 0; got 0.5'],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
