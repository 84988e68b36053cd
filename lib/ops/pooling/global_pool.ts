import type { DType, Floating } from '../../core/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkImages, type Images, type Rank } from '../convolution/window.js';
import { named } from '../elementwise/elementwise.js';
import { mean } from '../reduction/mean.js';
import { adaptiveMax } from './adaptive_pool.js';

/** The shape when one element is left of every spatial axis. */
export type Single<N extends number, C extends number, R extends Rank> = {
  1: [N, C, 1];
  2: [N, C, 1, 1];
  3: [N, C, 1, 1, 1];
}[R];

/** A pool over all of the spatial axes. */
export type GlobalPool<R extends Rank> = <N extends number, C extends number, D extends DType>(
  x: Tensor<Images<N, C, R>, D>,
) => Tensor<Single<N, C, R>, Floating<D>>;

/** The mean of every channel's sequence, its mean over time; see `globalAveragePool2d`. [N, C, L] → [N, C, 1]. */
export const globalAveragePool1d: GlobalPool<1> = averaging('globalAveragePool1d', 1);

/**
 * The mean of every channel's plane; PyTorch's AdaptiveAvgPool2d(1).
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, 1, 1]
 */
export const globalAveragePool2d: GlobalPool<2> = averaging('globalAveragePool2d', 2);

/** The mean of every channel's volume; see `globalAveragePool2d`. [N, C, D, H, W] → [N, C, 1, 1, 1]. */
export const globalAveragePool3d: GlobalPool<3> = averaging('globalAveragePool3d', 3);

/** The largest element of every channel's sequence, its maximum over time; see `globalMaxPool2d`. [N, C, L] → [N, C, 1]. */
export const globalMaxPool1d: GlobalPool<1> = choosing('globalMaxPool1d', 1);

/**
 * The largest element of every channel's plane; the gradient goes to the first of equal ones.
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, 1, 1]
 */
export const globalMaxPool2d: GlobalPool<2> = choosing('globalMaxPool2d', 2);

/** The largest element of every channel's volume; see `globalMaxPool2d`. [N, C, D, H, W] → [N, C, 1, 1, 1]. */
export const globalMaxPool3d: GlobalPool<3> = choosing('globalMaxPool3d', 3);

function averaging<R extends Rank>(op: string, rank: R): GlobalPool<R> {
  const axes = Array.from({ length: rank }, (_, i) => 2 + i);
  return named(op, (x: Tensor) => {
    checkImages(op, x, rank);
    return mean(x, axes, { keepDims: true });
  }) as GlobalPool<R>;
}

function choosing<R extends Rank>(op: string, rank: R): GlobalPool<R> {
  return named(op, (x: Tensor) => adaptiveMax(op, rank, x, 1, false)[0]) as GlobalPool<R>;
}
