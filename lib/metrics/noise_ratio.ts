import { checkPositive, given } from '../core/check.js';
import { type AverageState, mean } from './average.js';
import { meanSquaredError } from './errors.js';
import { type Metric, metric, summed } from './metric.js';
import { readAlike } from './values.js';

/**
 * Peak signal-to-noise ratio in decibels: 10 · log₁₀(peak² / MSE), the mean being over all elements of all examples;
 * Infinity for outputs that equal their targets. Both [n, …].
 *
 * @param options.peak  the largest value that there can be; > 0; default 1, as of pixels in 0 … 1
 */
export function psnr(options: { peak?: number } = {}): Metric<AverageState> {
  const { peak = 1 } = given(options);
  checkPositive('psnr', 'peak', peak);
  return metric({
    ...meanSquaredError,
    better: 'higher',
    score: (counts) => 10 * Math.log10(peak ** 2 / mean(counts)),
  });
}

/** Sums of squares. */
interface Powers {
  readonly [name: string]: number;
  readonly signal: number;
  readonly noise: number;
}

/**
 * Signal-to-noise ratio in decibels: 10 · log₁₀(Σ target² / Σ (output − target)²). Both [n, …].
 *
 * @source lecture notes 001, line 1840, names it
 */
export const snr: Metric<Powers> = metric({
  better: 'higher',
  unit: 'number',
  count(output, target) {
    const { o, t } = readAlike('snr', output, target);
    let signal = 0;
    let noise = 0;
    for (let i = 0; i < t.data.length; i++) {
      signal += t.data[i] ** 2;
      noise += (o.data[i] - t.data[i]) ** 2;
    }
    return { signal, noise };
  },
  merge: summed,
  score: ({ signal, noise }) => 10 * Math.log10(signal / noise),
});
