import { checkFinite, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { type CreateOptions, tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

type FrequencyOptions = CreateOptions<'float32' | 'float64'> & {
  /** Distance of samples; default 1. */
  d?: number;
};

function frequencies(
  op: string,
  n: number,
  { d = 1, ...options }: FrequencyOptions,
  count: number,
  at: (k: number) => number,
): Tensor<[number], 'float32'> {
  checkWhole(op, 'n', n, 1);
  checkFinite(op, 'd', d);
  if (d === 0) throw new ValueError(`${op}: d must not be 0; got 0; pass the distance of samples`);
  const values = Float64Array.from({ length: count }, (_, k) => at(k) / (n * d));
  return tensor(values, { dtype: 'float32', ...options }) as Tensor;
}

/**
 * The frequencies of the numbers that `fft` gives, in cycles for a unit of d: 0, 1, … ⌈n / 2⌉ − 1, −⌊n / 2⌋, … −1, over n · d.
 *
 * @param n          length of the signal; whole, ≥ 1
 * @param options.d  distance of samples; default 1
 * @returns          [n] float32 by default
 */
export const fftfreq = (n: number, options: FrequencyOptions = {}): Tensor<[number], 'float32'> =>
  frequencies('fftfreq', n, options, n, (k) => (2 * k < n ? k : k - n));

/** Those of the numbers that `rfft` gives: 0 … ⌊n / 2⌋, over n · d. [⌊n / 2⌋ + 1] */
export const rfftfreq = (n: number, options: FrequencyOptions = {}): Tensor<[number], 'float32'> =>
  frequencies('rfftfreq', n, options, Math.floor(n / 2) + 1, (k) => k);
