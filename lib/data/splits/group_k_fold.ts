import { classesOf, compareLabels, type Labels } from '../classes.js';
import { foldAt } from './k_fold.js';
import { checkFolds, type FoldOptions, orderOf, type Splits, splitsOfFolds } from './splits.js';

/**
 * k-fold cross-validation in which a group is never divided, so that no test example has relatives among the training
 * ones: pictures of one patient, windows of one recording.
 *
 * Groups go, the largest first, to the part with the fewest examples so far; with `shuffle`, at random and as many to each
 * part, whatever their sizes.
 *
 * @param groups  the group of each example
 * @param k       whole, ≥ 2, at most the number of groups
 * @throws ValueError "groupKFold: k must be at most the number of groups, 3; got 5"
 * @source scikit-learn's GroupKFold; of groups equally large the one that sorts last goes first
 */
export function groupKFold(groups: Labels, k: number, options: FoldOptions = {}): Splits {
  const { classes, codes, counts } = classesOf('groupKFold', 'groups', groups);
  checkFolds('groupKFold', k, classes.length, 'groups');
  const foldOfGroup = new Int32Array(classes.length);
  const order = orderOf('groupKFold', classes.length, options);
  if (options.shuffle) {
    order.forEach((group, place) => {
      foldOfGroup[group] = foldAt(place, classes.length, k);
    });
  } else {
    order.sort((a, b) => counts[b] - counts[a] || compareLabels(classes[b], classes[a]));
    const sizes = new Int32Array(k);
    for (const group of order) {
      const lightest = sizes.indexOf(Math.min(...sizes));
      foldOfGroup[group] = lightest;
      sizes[lightest] += counts[group];
    }
  }
  return splitsOfFolds(
    codes.map((code) => foldOfGroup[code]),
    k,
  );
}
