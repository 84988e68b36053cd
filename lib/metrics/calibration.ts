import { checkWhole, given } from '../core/check.js';
import { type Measure, type Measurement, type Metric, measure, metric, summed } from './metric.js';
import { eachProbabilities, type ProbabilityOptions } from './probabilities.js';

export interface CalibrationOptions extends ProbabilityOptions {
  /** Intervals of confidence of equal width; whole, ≥ 1; default 15. */
  bins?: number;
}

/** Sums over the examples of each bin. */
interface Bins {
  readonly [name: string]: readonly number[];
  readonly counts: readonly number[];
  readonly confidences: readonly number[];
  readonly hits: readonly number[];
}

/** A bar of the reliability diagram; NaN where no example is. */
export interface ReliabilityBin {
  /** Confidences above this … */
  readonly low: number;
  /** … up to this one. */
  readonly high: number;
  readonly count: number;
  /** Mean confidence, the probability of the class that was called. */
  readonly confidence: number;
  /** The share that is of the class that was called. */
  readonly accuracy: number;
}

function binned(op: string, binning: CalibrationOptions): Omit<Measurement<Bins, never>, 'score'> {
  const { bins = 15, ...options } = given(binning);
  checkWhole(op, 'bins', bins, 1);
  return {
    count(output, target) {
      const [counts, confidences, hits] = [0, 0, 0].map(() => new Array<number>(bins).fill(0));
      eachProbabilities(op, output, target, options, (probabilities, label) => {
        const confidence = Math.max(...probabilities);
        const bin = Math.max(0, Math.ceil(confidence * bins) - 1);
        counts[bin]++;
        confidences[bin] += confidence;
        hits[bin] += Number(probabilities.indexOf(confidence) === label);
      });
      return { counts, confidences, hits };
    },
    merge: summed,
  };
}

/**
 * Expected calibration error: how far confidence is from accuracy, Σ countᵦ / n · |accuracyᵦ − confidenceᵦ| over bins of
 * confidence.
 *
 * Output: [n, c, …] for classes [n, …], or probabilities of class 1, [n].
 *
 * @source Guo, Pleiss, Sun, Weinberger 2017, arXiv:1706.04599, equation 3
 */
export const calibrationError = (options: CalibrationOptions = {}): Metric<Bins> =>
  metric({
    better: 'lower',
    unit: 'share',
    ...binned('calibrationError', options),
    score({ counts, confidences, hits }) {
      const n = counts.reduce((sum, count) => sum + count, 0);
      return counts.reduce((sum, _, bin) => sum + Math.abs(hits[bin] - confidences[bin]) / n, 0);
    },
  });

/** The reliability diagram: accuracy against confidence, in bins of confidence; see `calibrationError`. */
export const reliabilityBins = (options: CalibrationOptions = {}): Measure<Bins, ReliabilityBin[]> =>
  measure({
    ...binned('reliabilityBins', options),
    score: ({ counts, confidences, hits }) =>
      counts.map((count, bin) => ({
        low: bin / counts.length,
        high: (bin + 1) / counts.length,
        count,
        confidence: confidences[bin] / count,
        accuracy: hits[bin] / count,
      })),
  });
