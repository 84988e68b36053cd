import { checkFinite, checkWhole } from '../../core/check.js';
import { type CreateOptions, tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

type Real = 'float32' | 'float64';

export interface WindowOptions<D extends Real = Real> extends CreateOptions<D> {
  /** One period of the window, for spectra; else symmetric, for filters; default true. */
  periodic?: boolean;
}

/** Σ_m (−1)^m a_m cos(2π m j / n), where n is the period. */
function cosines<D extends Real>(
  op: string,
  n: number,
  weights: readonly number[],
  { periodic = true, dtype, requiresGrad }: WindowOptions<D>,
): Tensor<[number], D> {
  checkWhole(op, 'n', n, 0);
  const period = periodic ? n : n - 1;
  const value = (j: number): number =>
    weights.reduce((sum, weight, m) => sum + (-1) ** m * weight * Math.cos((2 * Math.PI * m * j) / period), 0);
  const values = Float64Array.from({ length: n }, (_, j) => (n === 1 ? 1 : value(j)));
  return tensor(values, { dtype: dtype ?? 'float32', requiresGrad: requiresGrad ?? false }) as Tensor;
}

/**
 * The Hann window, sin²(π j / n), j = 0 … n − 1; symmetric over n − 1.
 *
 * @param n  whole, ≥ 0
 * @returns  [n] float32 by default
 */
export const hannWindow = <D extends Real = 'float32'>(
  n: number,
  options: WindowOptions<D> = {},
): Tensor<[number], D> => cosines('hannWindow', n, [0.5, 0.5], options);

export interface HammingWindowOptions<D extends Real = Real> extends WindowOptions<D> {
  /** Default 0.54. */
  alpha?: number;
  /** Default 0.46. */
  beta?: number;
}

/** The Hamming window, α − β cos(2π j / n); see `hannWindow`. */
export function hammingWindow<D extends Real = 'float32'>(
  n: number,
  { alpha = 0.54, beta = 0.46, ...options }: HammingWindowOptions<D> = {},
): Tensor<[number], D> {
  checkFinite('hammingWindow', 'alpha', alpha);
  checkFinite('hammingWindow', 'beta', beta);
  return cosines('hammingWindow', n, [alpha, beta], options);
}

/** The Blackman window, 0.42 − 0.5 cos(2π j / n) + 0.08 cos(4π j / n); see `hannWindow`. */
export const blackmanWindow = <D extends Real = 'float32'>(
  n: number,
  options: WindowOptions<D> = {},
): Tensor<[number], D> => cosines('blackmanWindow', n, [0.42, 0.5, 0.08], options);
