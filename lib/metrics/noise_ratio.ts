import { checkPositive, given } from '../core/check.js';
import { squaredErrors } from '../ops/loss/mse_loss.js';
import { zeros } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { type AverageState, mean } from './average.js';
import { meanSquaredError } from './errors.js';
import { type Metric, metric, summed } from './metric.js';
import { tensorsAlike } from './values.js';

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
    const [o, t] = tensorsAlike('snr', output, target);
    const power = (x: Tensor, y: Tensor): number => squaredErrors(x, y, { reduction: 'sum', wide: true }).item();
    return { signal: power(t, zeros(t.shape, { dtype: t.dtype })), noise: power(o, t) };
  },
  merge: summed,
  score: ({ signal, noise }) => 10 * Math.log10(signal / noise),
});
