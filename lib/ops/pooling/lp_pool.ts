import { checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Images, Rank } from '../convolution/window.js';
import { named } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { pow } from '../elementwise/pow.js';
import { inFloat } from '../precision.js';
import { average } from './avg_pool.js';
import { type PoolOptions, poolTracks } from './pool.js';

export interface LPPoolOptions<R extends Rank> extends Omit<PoolOptions<R>, 'padding'> {
  /** The power p; > 0. */
  normType: number;
}
export type LPPool1dOptions = LPPoolOptions<1>;
export type LPPool2dOptions = LPPoolOptions<2>;
export type LPPool3dOptions = LPPoolOptions<3>;

/** The p-norm of windows of one rank. */
export type LPPool<R extends Rank> = <N extends number, C extends number, D extends DType>(
  x: Tensor<Images<N, C, R>, D>,
  options: LPPoolOptions<R>,
) => Tensor<Images<N, C, R>, Floating<D>>;

/** The p-norm of every window of a sequence; see `lpPool2d`. [N, C, L] → [N, C, OL]. */
export const lpPool1d: LPPool<1> = pooling('lpPool1d', 1);

/**
 * The p-norm of every window: y = (Σ xᵖ)^(1/p), without absolute values, as PyTorch has it. p = 1 gives the sum. A window that
 * runs over the end (`ceilMode`) counts its missing elements as the mean of the others.
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, OH, OW], OH = ⌊(H − kernel) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 * @throws ValueError "lpPool2d: normType must be a number > 0; got 0"
 */
export const lpPool2d: LPPool<2> = pooling('lpPool2d', 2);

/** The p-norm of every window of a volume; see `lpPool2d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export const lpPool3d: LPPool<3> = pooling('lpPool3d', 3);

function pooling<R extends Rank>(op: string, rank: R): LPPool<R> {
  return named(op, (x: Tensor, options: LPPoolOptions<R>): Tensor => {
    const axes = poolTracks(op, rank, x, options);
    const { normType } = options;
    checkPositive(op, 'normType', normType);
    const elements = axes.reduce((product, { taps }) => product * taps, 1);
    return inFloat([x], (x) => pow(mul(average(axes, pow(x, normType), true), elements), 1 / normType));
  });
}
