import { Generator, seed, type Tensor, tensor, zeros } from 'adjoint';
import {
  bootstrapSplit,
  DataLoader,
  type Split,
  type Subset,
  shuffleSplit,
  TensorDataset,
  takeRows,
  trainTestSplit,
} from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { message } from '../../message.js';

const plain = (splits: Iterable<Split>): number[][][] =>
  Array.from(splits, ({ train, test }) => [Array.from(train), Array.from(test)]);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const ascending = (a: number, b: number): number => a - b;
const count = (labels: readonly number[], indices: readonly number[], label: number): number =>
  indices.filter((i) => labels[i] === label).length;

describe('shuffleSplit', () => {
  it('draws parts that have no example in common', () => {
    const splits = shuffleSplit(20, 4, { testSize: 0.25, trainSize: 12, generator: new Generator(1) });
    expect(splits.length).toBe(4);
    for (const [train, test] of plain(splits)) {
      expect([train.length, test.length]).toEqual([12, 5]);
      expect(new Set([...train, ...test]).size).toBe(17);
    }
    expect(plain(splits)).toEqual(plain(splits));
    expect(new Set(plain(splits).map(String)).size).toBe(4);
    expect(plain(shuffleSplit(20)).map(([train, test]) => [train.length, test.length])).toEqual(
      range(10).map(() => [18, 2]),
    );
  });

  it('shares classes out in proportion, the largest remainders first', () => {
    // Floors 2, 1, 1, 0 and remainders 8, 13, 1, 12 of 17; scikit-learn gives the same.
    const labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3];
    for (const [train] of plain(shuffleSplit(17, 20, { trainSize: 6, stratify: labels }))) {
      const counts = range(4).map((label) => count(labels, train, label));
      expect(counts).toEqual([2, 2, 1, 1]);
    }
    const even = range(100).map((i) => (i < 50 ? 0 : i < 80 ? 1 : 2));
    for (const [train, test] of plain(shuffleSplit(100, 5, { trainSize: 10, stratify: even }))) {
      expect(range(3).map((label) => count(even, train, label))).toEqual([5, 3, 2]);
      expect(range(3).map((label) => count(even, test, label))).toEqual([45, 27, 18]);
    }
  });

  it('draws which of equal remainders gets one more', () => {
    const got = [0, 0, 0, 0];
    for (const [, test] of plain(
      shuffleSplit(40, 400, {
        trainSize: 34,
        testSize: 6,
        stratify: range(40).map((i) => i % 4),
        generator: new Generator(3),
      }),
    )) {
      for (let label = 0; label < 4; label++) if (test.filter((i) => i % 4 === label).length === 2) got[label]++;
    }
    // 6 of 4 even classes: two of them twice, each with probability 1/2; deviation √(400/4) = 10.
    for (const times of got) expect(Math.abs(times - 200)).toBeLessThan(50);
  });
});

describe('bootstrapSplit', () => {
  it('learns from draws and tests on what was not drawn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (n, from) => {
        const splits = bootstrapSplit(n, 3, { generator: new Generator(from) });
        expect(plain(splits)).toEqual(plain(splits));
        for (const [train, test] of plain(splits)) {
          expect(train.length).toBe(n);
          expect(test.length).toBeGreaterThan(0);
          expect([...new Set([...train, ...test])].sort(ascending)).toEqual(range(n));
          expect(test.filter((i) => train.includes(i))).toEqual([]);
        }
      }),
    );
  });

  it('leaves out 36.8 % of many', () => {
    const [{ test, train }] = bootstrapSplit(20000, 1, { generator: new Generator(1) });
    // Deviation √(n e⁻¹ (1 − 2/e)) = 44 examples, 0.0022 of 20,000.
    expect(Math.abs(test.length / 20000 - Math.exp(-1))).toBeLessThan(0.009);
    expect(train.length).toBe(20000);
    const [fewer] = bootstrapSplit(100, 1, { size: 10 });
    expect([fewer.train.length, fewer.test.length >= 90]).toEqual([10, true]);
  });
});

describe('trainTestSplit', () => {
  const x = tensor(range(8).map((i) => [i, 10 * i]));
  const y = range(8);

  it('splits tensors, arrays and datasets alike', () => {
    const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const floats = Float64Array.from(y);
    const dataset = new TensorDataset(x);
    const { train, test } = trainTestSplit([x, y, floats, words, dataset], { generator: new Generator(1) });
    for (const [rows, [xs, ys, fs, ws, part]] of [
      [6, train],
      [2, test],
    ] as const) {
      expect(ys.length).toBe(rows);
      expect(xs.toArray()).toEqual(ys.map((i) => [i, 10 * i]));
      expect(fs).toEqual(Float64Array.from(ys));
      expect(ws).toEqual(ys.map((i) => words[i]));
      expect(range(rows).map((i) => part.get(i)[0].toArray())).toEqual(xs.toArray());
    }
    expect([...train[1], ...test[1]].sort(ascending)).toEqual(y);
    expectTypeOf(train[0]).toEqualTypeOf<Tensor<[number, number], 'float32'>>();
    expectTypeOf(train[1]).toEqualTypeOf<number[]>();
    expectTypeOf(train[3]).toEqualTypeOf<string[]>();
    expectTypeOf(test[4]).toExtend<Subset<[Tensor<any, 'float32'>], any>>();
    expect([...new DataLoader(test[4], { batchSize: 2 })][0][0].shape).toEqual([2, 2]);
  });

  it('has sizes as shares or numbers', () => {
    const sizesOf = (options: { testSize?: number; trainSize?: number }): number[] => {
      const { train, test } = trainTestSplit([range(7)], options);
      return [train[0].length, test[0].length];
    };
    // As scikit-learn's train_test_split.
    expect(sizesOf({})).toEqual([5, 2]);
    expect(sizesOf({ trainSize: 0.5 })).toEqual([3, 4]);
    expect(sizesOf({ trainSize: 0.5, testSize: 0.3 })).toEqual([3, 3]);
    expect(sizesOf({ testSize: 1 })).toEqual([6, 1]);
  });

  it('keeps the order if asked, and the shares of classes', () => {
    const { train, test } = trainTestSplit([y], { shuffle: false });
    expect([train[0], test[0]]).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7],
    ]);
    const labels = range(100).map((i) => (i < 80 ? 0 : 1));
    const stratified = trainTestSplit([labels], { stratify: labels, testSize: 0.25 });
    expect([stratified.test[0].filter((l) => l === 1).length, stratified.test[0].length]).toEqual([5, 25]);
  });

  it('is the same for a seed', () => {
    const draw = () => trainTestSplit([range(30)]).test[0];
    seed(5);
    const first = draw();
    expect(draw()).not.toEqual(first);
    seed(5);
    expect(draw()).toEqual(first);
  });
});

it('takeRows copies, and records no history', () => {
  const w = zeros([3, 2]).requireGrad();
  const rows = takeRows(w, new Int32Array([2, 2]));
  expect([rows.shape, rows.node]).toEqual([[2, 2], null]);
  expect(takeRows(new Uint8Array([5, 6, 7]), new Int32Array([2, 0]))).toEqual(new Uint8Array([7, 5]));
});

it.each<[() => unknown, string]>([
  [() => trainTestSplit([]), 'ValueError trainTestSplit: at least one array of examples is needed; got none'],
  [
    () => trainTestSplit([range(10), zeros([9, 2])]),
    'ValueError trainTestSplit: all must have as many examples; got 10, 9',
  ],
  [
    () => trainTestSplit([zeros([])]),
    'ShapeError trainTestSplit: a tensor must have a first axis, of examples; got shape []',
  ],
  [
    () => trainTestSplit([range(10)], { testSize: 10 }),
    'ValueError trainTestSplit: testSize must be a share within (0, 1) or a whole number from 1 to 9; got 10',
  ],
  [
    () => trainTestSplit([range(10)], { testSize: 6, trainSize: 5 }),
    'ValueError trainTestSplit: testSize and trainSize must be at most the 10 examples together; got 6 and 5',
  ],
  [
    () => trainTestSplit([range(2)], { testSize: 0.9 }),
    'ValueError trainTestSplit: nothing is left to learn from: 2 of 2 examples are tested on; lower testSize',
  ],
  [
    () => trainTestSplit([range(4)], { shuffle: false, stratify: [1, 1, 2, 2] }),
    'ValueError trainTestSplit: stratify draws at random; got it with shuffle: false; leave one of them out',
  ],
  [
    () => trainTestSplit([range(5)], { stratify: [1, 1, 2, 2, 7] }),
    'ValueError trainTestSplit: a class must have two examples, to be in both parts; class 7 has one',
  ],
  [
    () => trainTestSplit([range(6)], { stratify: [1, 1, 2, 2, 3, 3], testSize: 2 }),
    'ValueError trainTestSplit: both parts must have room for all 3 classes; test has 2',
  ],
  [
    () => trainTestSplit([range(6)], { stratify: [1, 1, 2, 2] }),
    'ValueError trainTestSplit: stratify must hold a label for each of 6 examples; got 4',
  ],
  [() => shuffleSplit(10, 0), 'ValueError shuffleSplit: times must be a whole number ≥ 1; got 0'],
  [() => bootstrapSplit(1, 1), 'ValueError bootstrapSplit: n must be a whole number ≥ 2; got 1'],
  [
    () => takeRows(range(10), new Int32Array([10])),
    'ValueError takeRows: index must be a whole number from 0 to 9; got 10',
  ],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
