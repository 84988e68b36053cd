import { checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { randperm } from '../../ops/random/randperm.js';
import { type Classes, classesOf, type Labels, membersOf } from '../classes.js';
import { drawSeed, streamOf } from '../seeds.js';
import { type Split, type Splits, splitsOf } from './splits.js';

export interface ShuffleSplitOptions {
  /** Examples to test on: a share within (0, 1), rounded up, or their number. */
  testSize?: number;
  /** Examples to learn from: a share within (0, 1), rounded down, or their number; default: all that are not tested on. */
  trainSize?: number;
  /** The class of each example: keeps the classes' shares in both parts, within one example. */
  stratify?: Labels;
  /** Where the orders come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/**
 * Random splits, each by itself: what is tested on in one may be tested on in the next.
 *
 *     shuffleSplit(labels.length, 5, { trainSize: 1000, stratify: labels })     // 100 of each of 10 even classes, 5 times
 *
 * @param n      examples; whole
 * @param times  splits; whole, ≥ 1; default 10
 * @param options.testSize  default 0.1, or what trainSize leaves
 * @throws ValueError "shuffleSplit: testSize and trainSize must be at most the 10 examples together; got 6 and 5"
 * @source scikit-learn's ShuffleSplit and StratifiedShuffleSplit
 */
export function shuffleSplit(n: number, times = 10, options: ShuffleSplitOptions = {}): Splits {
  checkWhole('shuffleSplit', 'times', times, 1);
  return randomSplits('shuffleSplit', n, times, splitSizes('shuffleSplit', n, options, 0.1), options);
}

/** How many examples a split's parts have. */
export interface SplitSizes {
  train: number;
  test: number;
}

export function splitSizes(
  op: string,
  n: number,
  { testSize, trainSize }: ShuffleSplitOptions,
  otherwise: number,
): SplitSizes {
  checkWhole(op, 'n', n, 2);
  const count = (name: string, size: number, round: (x: number) => number): number => {
    if (size > 0 && size < 1) return round(size * n);
    if (Number.isInteger(size) && size >= 1 && size < n) return size;
    throw new ValueError(
      `${op}: ${name} must be a share within (0, 1) or a whole number from 1 to ${n - 1}; got ${String(size)}`,
    );
  };
  const train = trainSize === undefined ? undefined : count('trainSize', trainSize, Math.floor);
  const test =
    testSize === undefined && train !== undefined ? n - train : count('testSize', testSize ?? otherwise, Math.ceil);
  const sizes = { train: train ?? n - test, test };
  if (sizes.train + test > n) {
    throw new ValueError(
      `${op}: testSize and trainSize must be at most the ${n} examples together; got ${test} and ${sizes.train}`,
    );
  }
  if (sizes.train === 0) {
    throw new ValueError(
      `${op}: nothing is left to learn from: ${test} of ${n} examples are tested on; lower testSize`,
    );
  }
  return sizes;
}

export function randomSplits(
  op: string,
  n: number,
  times: number,
  sizes: SplitSizes,
  { stratify, generator }: ShuffleSplitOptions,
): Splits {
  const classes = stratify === undefined ? undefined : checkedClasses(op, n, sizes, stratify);
  const seed = drawSeed(generator);
  return splitsOf(times, (time) => {
    const stream = streamOf(seed, time);
    if (classes !== undefined) return stratifiedSplit(classes, sizes, stream);
    const order = randperm(n, { generator: stream }).data();
    return { test: order.subarray(0, sizes.test), train: order.subarray(sizes.test, sizes.test + sizes.train) };
  });
}

function checkedClasses(op: string, n: number, sizes: SplitSizes, stratify: Labels): Classes {
  const found = classesOf(op, 'stratify', stratify);
  const { classes, codes, counts } = found;
  if (codes.length !== n) {
    throw new ValueError(`${op}: stratify must hold a label for each of ${n} examples; got ${codes.length}`);
  }
  const alone = counts.indexOf(1);
  if (alone >= 0) {
    throw new ValueError(
      `${op}: a class must have two examples, to be in both parts; class ${String(classes[alone])} has one`,
    );
  }
  for (const [name, size] of Object.entries(sizes)) {
    if (size < classes.length) {
      throw new ValueError(`${op}: both parts must have room for all ${classes.length} classes; ${name} has ${size}`);
    }
  }
  return found;
}

function stratifiedSplit(classes: Classes, sizes: SplitSizes, generator: Generator): Split {
  const trained = shares(classes.counts, sizes.train, generator);
  const left = classes.counts.map((count, i) => count - trained[i]);
  const tested = shares(left, sizes.test, generator);
  const parts = membersOf(classes).map((members, i) => {
    const order = randperm(members.length, { generator }).data();
    const chosen = order.map((place) => members[place]);
    return { train: chosen.subarray(0, trained[i]), test: chosen.subarray(trained[i], trained[i] + tested[i]) };
  });
  const shuffled = (rows: Int32Array[]): Int32Array => {
    const all = rows.flatMap((row) => [...row]);
    const order = randperm(all.length, { generator }).data();
    return order.map((place) => all[place]);
  };
  return { train: shuffled(parts.map(({ train }) => train)), test: shuffled(parts.map(({ test }) => test)) };
}

/**
 * `size` shared out in proportion to counts: whole parts first, then one more where the remainder is largest, at random among
 * equal ones (the mode of the multivariate hypergeometric distribution).
 */
function shares(counts: readonly number[], size: number, generator: Generator): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const parts = counts.map((count) => Math.floor((count * size) / total));
  const remainders = counts.map((count, i) => count * size - parts[i] * total);
  const ranks = randperm(counts.length, { generator }).data();
  const order = [...counts.keys()].sort((a, b) => remainders[b] - remainders[a] || ranks[a] - ranks[b]);
  const missing = size - parts.reduce((a, b) => a + b, 0);
  for (const i of order.slice(0, missing)) parts[i]++;
  return parts;
}
