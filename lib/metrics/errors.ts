import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { readAlike } from './values.js';

const elementwise = (
  op: string,
  error: (difference: number) => number,
  score: (counts: AverageState) => number = mean,
): Metric<AverageState> =>
  metric({
    better: 'lower',
    unit: 'number',
    count(output, target) {
      const { o, t } = readAlike(op, output, target);
      let total = 0;
      for (let i = 0; i < o.data.length; i++) total += error(o.data[i] - t.data[i]);
      return { total, count: o.data.length };
    },
    merge: summed,
    score,
  });

/** Mean of |output − target| over all elements. Both [n, …]. */
export const meanAbsoluteError: Metric<AverageState> = elementwise('meanAbsoluteError', Math.abs);

/** Mean of (output − target)² over all elements. Both [n, …]. */
export const meanSquaredError: Metric<AverageState> = elementwise('meanSquaredError', (d) => d * d);

/** Root of the mean of (output − target)² over all elements. Both [n, …]. @source lecture notes 004, lines 1586–1588 */
export const rootMeanSquaredError: Metric<AverageState> = elementwise(
  'rootMeanSquaredError',
  (d) => d * d,
  (counts) => Math.sqrt(mean(counts)),
);
