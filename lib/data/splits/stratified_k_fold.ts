import { classesOf, type Labels, membersOf } from '../classes.js';
import { checkFolds, type FoldOptions, orderOf, type Splits, splitsOfFolds } from './splits.js';

/**
 * k-fold cross-validation in which every part has about the same share of each class: within one example of it. A class
 * with fewer than k examples is missing from some parts.
 *
 * @param labels  the class of each example
 * @param k       whole, ≥ 2, at most the size of the largest class
 * @throws ValueError "stratifiedKFold: k must be at most the number of examples of the largest class, 3; got 5"
 * @source scikit-learn's StratifiedKFold: sorted by class, example i counts for part i mod k; a class's examples fill the
 *   parts in their order, or shuffled
 */
export function stratifiedKFold(labels: Labels, k: number, options: FoldOptions = {}): Splits {
  const classes = classesOf('stratifiedKFold', 'labels', labels);
  checkFolds('stratifiedKFold', k, Math.max(...classes.counts), 'examples of the largest class');
  const folds = new Int32Array(classes.codes.length);
  let first = 0;
  for (const members of membersOf(classes)) {
    const count = members.length;
    // How many of the class each part gets, as the parts of its places in the sorted row.
    const parts = Int32Array.from({ length: count }, (_, i) => (first + i) % k).sort();
    orderOf('stratifiedKFold', count, options).forEach((from, i) => {
      folds[members[i]] = parts[from];
    });
    first += count;
  }
  return splitsOfFolds(folds, k);
}
