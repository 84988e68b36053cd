import { checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { type Splits, splitsOf } from './splits.js';

export interface TimeSeriesSplitOptions {
  /** Examples of each test part; whole, ≥ 1; default ⌊n / (k + 1)⌋. */
  testSize?: number;
  /** Learn from at most so many examples, the latest; whole, ≥ 1; default: from all before. */
  maxTrainSize?: number;
  /** Examples left out between the two; whole, ≥ 0; default 0. */
  gap?: number;
}

/**
 * Splits of examples in the order of time: each test part comes after all that is learnt from, and the k test parts follow
 * each other up to the end.
 *
 * @param n  examples; whole
 * @param k  splits; whole, ≥ 2; default 5
 * @throws ValueError "timeSeriesSplit: nothing is left to learn from: 3 test parts of 4 and a gap of 0 need more than 12 examples; got 10"
 * @source scikit-learn's TimeSeriesSplit
 */
export function timeSeriesSplit(n: number, k = 5, options: TimeSeriesSplitOptions = {}): Splits {
  const { testSize = Math.floor(n / (k + 1)), maxTrainSize = Infinity, gap = 0 } = options;
  checkWhole('timeSeriesSplit', 'n', n, 0);
  checkWhole('timeSeriesSplit', 'k', k, 2);
  checkWhole('timeSeriesSplit', 'gap', gap, 0);
  if (k >= n) throw new ValueError(`timeSeriesSplit: k splits need at least k + 1 = ${k + 1} examples; got ${n}`);
  checkWhole('timeSeriesSplit', 'testSize', testSize, 1);
  if (maxTrainSize !== Infinity) checkWhole('timeSeriesSplit', 'maxTrainSize', maxTrainSize, 1);
  if (n - gap - k * testSize <= 0) {
    throw new ValueError(
      `timeSeriesSplit: nothing is left to learn from: ${k} test parts of ${testSize} and a gap of ${gap} need more than ${k * testSize + gap} examples; got ${n}`,
    );
  }
  return splitsOf(k, (i) => {
    const begin = n - (k - i) * testSize;
    return { train: range(Math.max(0, begin - gap - maxTrainSize), begin - gap), test: range(begin, begin + testSize) };
  });
}

const range = (begin: number, end: number): Int32Array => Int32Array.from({ length: end - begin }, (_, i) => begin + i);
