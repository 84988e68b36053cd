import { checkArray, given } from '../core/check.js';
import { type Metric, metric } from './metric.js';
import { against, type ClassScored, classScored, type Scored, thresholdsOf } from './scored.js';

export interface RocAucOptions {
  /**
   * Of more than two classes: each against the rest ('ovr'), or each pair, of which both take their turn as the positive
   * one ('ovo', which does not depend on how frequent they are). Default 'ovr'.
   */
  multiClass?: 'ovr' | 'ovo';
  /** The mean of classes or pairs, or weighted by how many examples they have. Default 'macro'. */
  average?: 'macro' | 'weighted';
}

/**
 * Area under the ROC curve: how probable it is that a positive example has a higher score than a negative one. NaN where
 * a class is missing.
 *
 * Output: scores [n], [n, 1] or [n, 2] of class 1 for targets 0 or 1 [n]; scores [n, c] for classes [n].
 *
 * @source lecture notes 000, line 1204; Hand, Till 2001, "A simple generalisation of the area under the ROC curve for
 *         multiple class classification problems" (ovo); scikit-learn's roc_auc_score
 */
export function rocAuc(options: RocAucOptions = {}): Metric<ClassScored> {
  const { multiClass = 'ovr', average = 'macro' } = given(options);
  return metric({
    better: 'higher',
    unit: 'number',
    ...classScored('rocAuc'),
    score(scored) {
      const { classes, labels, scores } = scored;
      if (classes === 1) return areaOf({ scores, positive: labels });
      if (classes === 2) return areaOf(against(scored, 1));
      const all = [...Array(classes).keys()];
      const areas =
        multiClass === 'ovr'
          ? all.map((k) => ({ area: areaOf(against(scored, k)), weight: labels.filter((label) => label === k).length }))
          : all.flatMap((k) => all.slice(k + 1).map((j) => pair(scored, k, j)));
      const weightOf = ({ weight }: { weight: number }): number => (average === 'macro' ? 1 : weight);
      const total = areas.reduce((sum, area) => sum + weightOf(area), 0);
      return areas.reduce((sum, area) => sum + area.area * weightOf(area), 0) / total;
    },
  });
}

/** Of the examples of two classes alone. */
function pair({ classes, scores, labels }: ClassScored, k: number, j: number): { area: number; weight: number } {
  const those = [...labels.keys()].filter((i) => labels[i] === k || labels[i] === j);
  const area = (of: number): number =>
    areaOf({
      scores: those.map((i) => scores[i * classes + of]),
      positive: those.map((i) => Number(labels[i] === of)),
    });
  return { area: (area(k) + area(j)) / 2, weight: those.length };
}

/** As `auc` of the ROC curve's points. */
function areaOf(scored: Scored): number {
  const { truePositives, falsePositives } = thresholdsOf(scored);
  const last = truePositives.length - 1;
  let [area, x, y] = [last < 0 ? NaN : 0, 0, 0];
  for (let i = 0; i <= last; i++) {
    const [right, above] = [falsePositives[i] / falsePositives[last], truePositives[i] / truePositives[last]];
    area += ((right - x) * (above + y)) / 2;
    x = right;
    y = above;
  }
  return area;
}

/**
 * Area under a curve by trapezia, from the first point to the last.
 *
 * @param x  rising or falling
 * @source scikit-learn's auc
 */
export function auc(x: ArrayLike<number>, y: ArrayLike<number>): number {
  for (const [name, values] of Object.entries({ x, y })) checkArray('auc', name, values);
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return x[x.length - 1] < x[0] ? -area : area;
}
