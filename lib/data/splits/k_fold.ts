import { checkWhole } from '../../core/check.js';
import { checkFolds, type FoldOptions, orderOf, type Splits, splitsOfFolds } from './splits.js';

/**
 * k-fold cross-validation: n examples are put into k parts, and each part is tested on once, after learning from the
 * others. The first n mod k parts have ⌊n/k⌋ + 1 examples, the others ⌊n/k⌋.
 *
 *     for (const { train, test } of kFold(150, 5, { shuffle: true, generator: new Generator(1) })) …
 *
 * @param n  examples; whole, ≥ k
 * @param k  whole, ≥ 2
 * @throws ValueError "kFold: k must be at most the number of examples, 3; got 5"
 * @source Stone 1974, "Cross-validatory choice and assessment of statistical predictions"; sizes as scikit-learn's KFold
 */
export function kFold(n: number, k: number, options: FoldOptions = {}): Splits {
  checkWhole('kFold', 'n', n, 0);
  checkFolds('kFold', k, n, 'examples');
  const folds = new Int32Array(n);
  orderOf('kFold', n, options).forEach((example, place) => {
    folds[example] = foldAt(place, n, k);
  });
  return splitsOfFolds(folds, k);
}

/** In which of k parts of a row of n, each as long as the next or one longer, a place lies. */
export function foldAt(place: number, n: number, k: number): number {
  const size = Math.floor(n / k);
  const inLonger = (n % k) * (size + 1);
  return place < inLonger ? Math.floor(place / (size + 1)) : (n % k) + Math.floor((place - inLonger) / size);
}

/**
 * As many splits as examples: each is tested on once, alone.
 *
 * @param n  examples; whole, ≥ 2
 */
export function leaveOneOut(n: number): Splits {
  checkWhole('leaveOneOut', 'n', n, 2);
  return splitsOfFolds(orderOf('leaveOneOut', n, {}), n);
}
