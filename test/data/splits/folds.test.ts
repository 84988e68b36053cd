import { Generator, tensor } from 'adjoint';
import {
  groupKFold,
  kFold,
  leaveOneOut,
  repeated,
  type Split,
  type Splits,
  stratifiedKFold,
  timeSeriesSplit,
} from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

const plain = (splits: Iterable<Split>): number[][][] =>
  Array.from(splits, ({ train, test }) => [Array.from(train), Array.from(test)]);
const tested = (splits: Iterable<Split>): number[][] => plain(splits).map(([, test]) => test);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const ascending = (a: number, b: number): number => a - b;

describe('parts as scikit-learn 1.9.1 makes them', () => {
  it('kFold', () => {
    expect(plain(kFold(10, 3))).toEqual([
      [
        [4, 5, 6, 7, 8, 9],
        [0, 1, 2, 3],
      ],
      [
        [0, 1, 2, 3, 7, 8, 9],
        [4, 5, 6],
      ],
      [
        [0, 1, 2, 3, 4, 5, 6],
        [7, 8, 9],
      ],
    ]);
  });

  it('stratifiedKFold', () => {
    const labels = [2, 2, 1, 2, 0, 1, 0, 2, 2, 1, 0, 2];
    const parts = [
      [0, 1, 2, 4],
      [3, 5, 6, 7],
      [8, 9, 10, 11],
    ];
    expect(tested(stratifiedKFold(labels, 3))).toEqual(parts);
    expect(tested(stratifiedKFold(tensor(Int32Array.from(labels)), 3))).toEqual(parts);
  });

  it('groupKFold', () => {
    expect(tested(groupKFold(['b', 'a', 'c', 'a', 'd', 'b', 'e', 'a', 'f', 'c', 'e'], 3))).toEqual([
      [1, 3, 4, 7],
      [0, 5, 6, 10],
      [2, 8, 9],
    ]);
  });

  it('timeSeriesSplit', () => {
    expect(plain(timeSeriesSplit(10, 3))).toEqual([
      [range(4), [4, 5]],
      [range(6), [6, 7]],
      [range(8), [8, 9]],
    ]);
    expect(plain(timeSeriesSplit(10, 3, { testSize: 2, gap: 1, maxTrainSize: 3 }))).toEqual([
      [
        [0, 1, 2],
        [4, 5],
      ],
      [
        [2, 3, 4],
        [6, 7],
      ],
      [
        [4, 5, 6],
        [8, 9],
      ],
    ]);
  });
});

/** Every example is tested on once, and learnt from in all other splits. */
function expectPartition(splits: Splits, n: number): void {
  expect([...splits].length).toBe(splits.length);
  expect(tested(splits).flat().sort(ascending)).toEqual(range(n));
  for (const [train, test] of plain(splits)) {
    expect([...train, ...test].sort(ascending)).toEqual(range(n));
    expect([train, test]).toEqual([[...train].sort(ascending), [...test].sort(ascending)]);
  }
}

describe('folds', () => {
  const sizes = fc
    .tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 40 }), fc.boolean(), fc.nat())
    .filter(([n, k]) => k <= n);
  const optionsOf = (shuffle: boolean, seed: number) => (shuffle ? { shuffle, generator: new Generator(seed) } : {});

  it('test on every example once', () => {
    fc.assert(
      fc.property(sizes, ([n, k, shuffle, seed]) => {
        const splits = kFold(n, k, optionsOf(shuffle, seed));
        expectPartition(splits, n);
        const lengths = tested(splits).map((part) => part.length);
        expect(lengths).toEqual(range(k).map((i) => Math.floor(n / k) + (i < n % k ? 1 : 0)));
      }),
    );
    expectPartition(leaveOneOut(7), 7);
    expect(tested(leaveOneOut(3))).toEqual([[0], [1], [2]]);
  });

  it('keep the shares of classes, within one example', () => {
    const labels = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(labels, fc.boolean(), fc.nat(), (labels, shuffle, seed) => {
        const splits = stratifiedKFold(labels, 2, optionsOf(shuffle, seed));
        expectPartition(splits, labels.length);
        for (const label of new Set(labels)) {
          const counts = tested(splits).map((part) => part.filter((i) => labels[i] === label).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('never divide a group', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(groups, fc.boolean(), fc.nat(), (groups, shuffle, seed) => {
        const distinct = new Set(groups);
        fc.pre(distinct.size >= 3);
        const splits = groupKFold(groups, 3, optionsOf(shuffle, seed));
        expectPartition(splits, groups.length);
        const parts = tested(splits).map((part) => new Set(part.map((i) => groups[i])));
        expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(distinct.size);
        if (shuffle) {
          const sizes = parts.map((part) => part.size);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are the same in every loop, and other ones for another seed', () => {
    const splits = kFold(30, 3, { shuffle: true, generator: new Generator(1) });
    const first = plain(splits);
    expect(plain(splits)).toEqual(first);
    expect(plain(kFold(30, 3, { shuffle: true, generator: new Generator(1) }))).toEqual(first);
    expect(plain(kFold(30, 3, { shuffle: true, generator: new Generator(2) }))).not.toEqual(first);
  });

  it('are repeated with other parts each time', () => {
    const generator = new Generator(1);
    const splits = repeated(4, () => kFold(20, 5, { shuffle: true, generator }));
    const parts = tested(splits);
    expect([splits.length, parts.length]).toEqual([20, 20]);
    expect(tested(splits)).toEqual(parts);
    for (let time = 0; time < 4; time++) {
      expect(
        parts
          .slice(5 * time, 5 * time + 5)
          .flat()
          .sort(ascending),
      ).toEqual(range(20));
    }
    expect(parts.slice(0, 5)).not.toEqual(parts.slice(5, 10));
    const own = { train: new Int32Array([0]), test: new Int32Array([1]) };
    expect(repeated(2, () => new Set([own])).length).toBe(2);
  });
});

it.each<[() => unknown, string]>([
  [() => kFold(3, 5), 'ValueError kFold: k must be at most the number of examples, 3; got 5'],
  [() => kFold(3, 1), 'ValueError kFold: k must be a whole number ≥ 2; got 1'],
  [() => kFold(2.5, 2), 'ValueError kFold: n must be a whole number ≥ 0; got 2.5'],
  [
    () => kFold(3, 2, { generator: new Generator(1) }),
    'ValueError kFold: a generator is used with shuffle alone; got one without it; add shuffle: true',
  ],
  [() => leaveOneOut(1), 'ValueError leaveOneOut: n must be a whole number ≥ 2; got 1'],
  [
    () => stratifiedKFold([1, 1, 2, 2, 2], 4),
    'ValueError stratifiedKFold: k must be at most the number of examples of the largest class, 3; got 4',
  ],
  [
    () => stratifiedKFold(tensor([[1, 2]]), 2),
    'ShapeError stratifiedKFold: labels must have one axis, a value for each example; got shape [1, 2]',
  ],
  [() => stratifiedKFold([], 2), 'ValueError stratifiedKFold: labels must hold a value for each example; got none'],
  [() => groupKFold([1, 2, 2], 3), 'ValueError groupKFold: k must be at most the number of groups, 2; got 3'],
  [() => repeated(0, () => []), 'ValueError repeated: times must be a whole number ≥ 1; got 0'],
  [
    () => timeSeriesSplit(10, 3, { testSize: 4 }),
    'ValueError timeSeriesSplit: nothing is left to learn from: 3 test parts of 4 and a gap of 0 need more than 12 examples; got 10',
  ],
  [() => timeSeriesSplit(5), 'ValueError timeSeriesSplit: k splits need at least k + 1 = 6 examples; got 5'],
  [
    () => timeSeriesSplit(9, 2, { maxTrainSize: 0 }),
    'ValueError timeSeriesSplit: maxTrainSize must be a whole number ≥ 1; got 0',
  ],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
