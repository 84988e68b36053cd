import { absoluteErrors } from '../ops/loss/l1_loss.js';
import type { FusedLoss } from '../ops/loss/loss.js';
import { squaredErrors } from '../ops/loss/mse_loss.js';
import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { tensorsAlike } from './values.js';

const elementwise = (
  op: string,
  errors: FusedLoss,
  score: (counts: AverageState) => number = mean,
): Metric<AverageState> =>
  metric({
    better: 'lower',
    unit: 'number',
    count(output, target) {
      const [o, t] = tensorsAlike(op, output, target);
      return { total: errors(o, t, { reduction: 'sum', wide: true }).item(), count: o.size };
    },
    merge: summed,
    score,
  });

/** Mean of |output − target| over all elements. Both [n, …]. */
export const meanAbsoluteError: Metric<AverageState> = elementwise('meanAbsoluteError', absoluteErrors);

/** Mean of (output − target)² over all elements. Both [n, …]. */
export const meanSquaredError: Metric<AverageState> = elementwise('meanSquaredError', squaredErrors);

/** Root of the mean of (output − target)² over all elements. Both [n, …]. @source lecture notes 004, lines 1586–1588 */
export const rootMeanSquaredError: Metric<AverageState> = elementwise('rootMeanSquaredError', squaredErrors, (counts) =>
  Math.sqrt(mean(counts)),
);
