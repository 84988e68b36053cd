import { given } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { readAlike } from './values.js';

/**
 * The share of examples whose highest score is of a label that they do not have; of equal scores the first counts.
 *
 * Output: scores [n, q]; target: above 0 where an example has the label, [n, q].
 *
 * @source lecture notes 004, lines 1813–1823
 */
export const oneError: Metric<AverageState> = metric({
  better: 'lower',
  unit: 'share',
  count(output, target) {
    const { o, t } = readAlike('oneError', output, target);
    if (o.shape.length !== 2) {
      throw new ShapeError(`oneError: output and target must be [n, q]; got ${show(o.shape)}`);
    }
    const [n, q] = o.shape;
    let total = 0;
    for (let i = 0; i < n; i++) {
      let best = 0;
      for (let j = 1; j < q; j++) if (o.data[i * q + j] > o.data[i * q + best]) best = j;
      if (!(t.data[i * q + best] > 0)) total++;
    }
    return { total, count: n };
  },
  merge: summed,
  score: mean,
});

/**
 * The share of labels, over all examples, that are there and not seen or seen and not there.
 *
 * Output: labels or scores [n, q]; target: above 0 where an example has the label, [n, q].
 *
 * @param options.threshold  a label is seen above this; default 0.5, for logits 0
 * @source lecture notes 004, lines 1825–1827; scikit-learn's hamming_loss
 */
export function hammingLoss(options: { threshold?: number } = {}): Metric<AverageState> {
  const { threshold = 0.5 } = given(options);
  return metric({
    better: 'lower',
    unit: 'share',
    count(output, target) {
      const { o, t } = readAlike('hammingLoss', output, target);
      let total = 0;
      for (let i = 0; i < o.data.length; i++) if (o.data[i] > threshold !== t.data[i] > 0) total++;
      return { total, count: o.data.length };
    },
    merge: summed,
    score: mean,
  });
}
