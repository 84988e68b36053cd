import { checkNonNegative, given } from '../core/check.js';
import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { read, type Values } from './values.js';

/**
 * The share of entries that are zero, of a representation (the output; a target is not looked at).
 *
 * @param options.tolerance  an entry of at most this size counts as zero; ≥ 0; default 0
 * @source B, footnote 12
 */
export function sparsity(options: { tolerance?: number } = {}): Metric<AverageState, Values, unknown> {
  const { tolerance = 0 } = given(options);
  checkNonNegative('sparsity', 'tolerance', tolerance);
  return metric({
    better: 'higher',
    unit: 'share',
    count(output) {
      const { data } = read('sparsity', 'output', output);
      let total = 0;
      for (let i = 0; i < data.length; i++) if (Math.abs(data[i]) <= tolerance) total++;
      return { total, count: data.length };
    },
    merge: summed,
    score: mean,
  });
}
