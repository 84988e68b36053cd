import { given } from '../core/check.js';
import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { eachProbabilities, type ProbabilityOptions } from './probabilities.js';

const surprise = (
  op: string,
  { floor = 0, ...options }: ProbabilityOptions & { ignore?: number | undefined; floor?: number },
  score: (counts: AverageState) => number,
): Metric<AverageState> =>
  metric({
    better: 'lower',
    unit: 'number',
    count(output, target) {
      let total = 0;
      let count = 0;
      eachProbabilities(op, output, target, options, (_, label, logProbability) => {
        total -= Math.max(logProbability(label), Math.log(floor));
        count++;
      });
      return { total, count };
    },
    merge: summed,
    score,
  });

/**
 * Mean of −log of the probability that the true class was given. Probabilities are taken as at least 2⁻⁵².
 *
 * Output: [n, c, …] for classes [n, …], or probabilities of class 1, [n].
 *
 * @source scikit-learn's log_loss
 */
export const logLoss = (options: ProbabilityOptions = {}): Metric<AverageState> =>
  surprise('logLoss', { ...options, ...(given(options).logits ? {} : { floor: Number.EPSILON }) }, mean);

/**
 * Perplexity of a language model: e to the mean of −log of the probability of the true token, between 1 (certain and right)
 * and beyond the size of the vocabulary, which is a guess's.
 *
 * Output: logits [n, c, …] for tokens [n, …], as `crossEntropy`.
 *
 * @param options.ignoreIndex  a token, such as padding, that is left out
 * @param options.logits       false for probabilities; default true
 */
export function perplexity(options: { ignoreIndex?: number; logits?: boolean } = {}): Metric<AverageState> {
  const { ignoreIndex, logits = true } = given(options);
  return surprise('perplexity', { logits, ignore: ignoreIndex }, (counts) => Math.exp(mean(counts)));
}
