import { checkArray } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { checkNumbers } from './hypothesis.js';

/** Means over inputs. */
export interface BiasVariance {
  /** Of the squared difference between the mean prediction and the truth. */
  readonly squaredBias: number;
  /** Of predictions about their mean. */
  readonly variance: number;
  /** Of targets about the truth: the error that no model is without. */
  readonly noise: number;
  /** Of (target − prediction)², computed by itself; its expectation is the sum of the three. */
  readonly error: number;
}

/**
 * The squared error of a method, taken apart: how far it is off on average, how much it depends on the training data that
 * it happened to get, and how noisy targets are.
 *
 *   E (y − ŷ)² = (f − E ŷ)² + E (ŷ − E ŷ)² + E (y − f)²
 *
 * Without targets, error = squaredBias + variance but for rounding; with them, up to how noise happens to agree with
 * predictions, which runs and inputs average out.
 *
 * @param predictions  a row for each training set, of the same inputs; at least two
 * @param truth        f of each input, without noise
 * @param targets      noisy observations of the inputs, a row for each row of predictions, none of them trained on;
 *                     default: the truth
 * @source lecture notes 004, lines 2132–2230 (with the sign of line 2185 put right); lecture notes 000, line 681;
 *         Geman, Bienenstock, Doursat 1992, doi:10.1162/neco.1992.4.1.1
 */
export function biasVariance(
  predictions: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
  targets?: readonly ArrayLike<number>[],
): BiasVariance {
  for (const [name, values] of Object.entries({ predictions, truth })) checkArray('biasVariance', name, values);
  const observed = targets ?? predictions.map(() => truth);
  const runs = predictions.length;
  const inputs = truth.length;
  const row = [...predictions, ...observed].find(({ length }) => length !== inputs);
  if (runs < 2 || observed.length !== runs || inputs === 0 || row !== undefined) {
    const got = row !== undefined ? `a row of ${row.length}` : `${runs} and ${observed.length} rows`;
    throw new ShapeError(
      `biasVariance: predictions, and targets where given, must be as many rows, two or more, of ${inputs} inputs; got ${got}`,
    );
  }
  for (const values of [...predictions, truth, ...observed]) checkNumbers('biasVariance', values);
  let [squaredBias, variance, noise, error] = [0, 0, 0, 0];
  for (let i = 0; i < inputs; i++) {
    const mean = predictions.reduce((sum, run) => sum + run[i], 0) / runs;
    squaredBias += (truth[i] - mean) ** 2;
    for (let r = 0; r < runs; r++) {
      variance += (predictions[r][i] - mean) ** 2 / runs;
      noise += (observed[r][i] - truth[i]) ** 2 / runs;
      error += (observed[r][i] - predictions[r][i]) ** 2 / runs;
    }
  }
  return {
    squaredBias: squaredBias / inputs,
    variance: variance / inputs,
    noise: noise / inputs,
    error: error / inputs,
  };
}
