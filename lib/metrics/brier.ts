import { type AverageState, mean } from './average.js';
import { type Metric, metric, summed } from './metric.js';
import { eachProbabilities, type ProbabilityOptions } from './probabilities.js';

/**
 * Brier score: the mean of Σₖ (pₖ − yₖ)² over the classes, y being 1 for the true one; of two classes half of it, (p₁ − y₁)².
 *
 * Output: [n, c, …] for classes [n, …], or probabilities of class 1, [n].
 *
 * @source Brier 1950, "Verification of forecasts expressed in terms of probability"; scikit-learn's brier_score_loss
 */
export const brierScore = (options: ProbabilityOptions = {}): Metric<AverageState> =>
  metric({
    better: 'lower',
    unit: 'number',
    count(output, target) {
      let total = 0;
      let count = 0;
      eachProbabilities('brierScore', output, target, options, (probabilities, label) => {
        const squares = probabilities.reduce((sum, p, k) => sum + (p - Number(k === label)) ** 2, 0);
        total += probabilities.length === 2 ? squares / 2 : squares;
        count++;
      });
      return { total, count };
    },
    merge: summed,
    score: mean,
  });
