import { checkWhole, given } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { type AverageState, mean } from './average.js';
import { checkClass } from './classes.js';
import { type Metric, metric, summed } from './metric.js';
import { read } from './values.js';

/**
 * The share of examples whose label is among the k highest scores; of equal scores the first counts. The top-5 error of
 * ImageNet is 1 − this.
 *
 * Output: scores [n, c]; target: classes [n].
 *
 * @param options.k  whole, ≥ 1; default 5
 * @throws ShapeError "topKAccuracy: output must be [n, c] and target [n]; got [8, 10] and [7]"
 * @source Russakovsky et al. 2015, arXiv:1409.0575, section 4.1
 */
export function topKAccuracy(options: { k?: number } = {}): Metric<AverageState> {
  const { k = 5 } = given(options);
  checkWhole('topKAccuracy', 'k', k, 1);
  return metric({
    better: 'higher',
    unit: 'share',
    count(output, target) {
      const { data, shape } = read('topKAccuracy', 'output', output);
      const labels = read('topKAccuracy', 'target', target);
      if (shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== shape[0]) {
        throw new ShapeError(
          `topKAccuracy: output must be [n, c] and target [n]; got ${show(shape)} and ${show(labels.shape)}`,
        );
      }
      const [n, c] = shape;
      let total = 0;
      for (let i = 0; i < n; i++) {
        const label = labels.data[i];
        checkClass('topKAccuracy', 'target', i, label, c);
        const own = data[i * c + label];
        let before = 0;
        for (let j = 0; j < c; j++) if (data[i * c + j] > own || (data[i * c + j] === own && j < label)) before++;
        // A score that is NaN is above nothing.
        if (before < k && !Number.isNaN(own)) total++;
      }
      return { total, count: n };
    },
    merge: summed,
    score: mean,
  });
}
