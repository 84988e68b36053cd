import { checkFraction } from '../core/check.js';
import { distribution } from './distribution.js';
import { differences, type TestResult } from './hypothesis.js';
import { summarise } from './summary.js';

export interface PairedT extends TestResult {
  readonly degreesOfFreedom: number;
  /** Of the differences first − second. */
  readonly mean: number;
  readonly standardError: number;
  /** Between these the mean of all differences lies, with the confidence asked for. */
  readonly low: number;
  readonly high: number;
}

/**
 * Student's t-test of pairs, two-sided: whether the mean of first − second may be 0, where differences are normally
 * distributed. For scores of one pair of methods on several data sets or seeds; folds of one cross-validation share
 * training data, and of many pairs some differ by chance. NaN where all differences are 0.
 *
 *   t = mean d / (s / √n), with n − 1 degrees of freedom
 *
 * @param options.confidence  of the interval; 0 … 1; default 0.95
 * @source Student 1908, "The probable error of a mean"; lecture notes 004, line 1890; scipy's ttest_rel
 */
export function pairedT(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { confidence = 0.95 }: { confidence?: number } = {},
): PairedT {
  checkFraction('pairedT', 'confidence', confidence);
  const { count, mean, standardError } = summarise(differences('pairedT', first, second));
  const degreesOfFreedom = count - 1;
  const statistic = mean / standardError;
  const reach = standardError * distribution('pairedT', 't-quantile')((1 + confidence) / 2, degreesOfFreedom);
  return {
    statistic,
    pValue: 2 * distribution('pairedT', 't-cdf')(-Math.abs(statistic), degreesOfFreedom),
    degreesOfFreedom,
    mean,
    standardError,
    low: mean - reach,
    high: mean + reach,
  };
}
