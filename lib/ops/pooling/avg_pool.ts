import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Images, type Rank, type Track, track } from '../convolution/window.js';
import { named } from '../elementwise/elementwise.js';
import { inFloat } from '../precision.js';
import { reshape } from '../shape/reshape.js';
import { type PoolOptions, poolTracks, windowNumbers } from './pool.js';

export interface AvgPoolOptions<R extends Rank> extends PoolOptions<R> {
  /** Count the padding's zeros as elements; default true. */
  countIncludePad?: boolean;
}
export type AvgPool1dOptions = AvgPoolOptions<1>;
export type AvgPool2dOptions = AvgPoolOptions<2>;
export type AvgPool3dOptions = AvgPoolOptions<3>;

/** The mean of windows of one rank. */
export type AvgPool<R extends Rank> = <N extends number, C extends number, D extends DType>(
  x: Tensor<Images<N, C, R>, D>,
  options: AvgPoolOptions<R>,
) => Tensor<Images<N, C, R>, Floating<D>>;

/**
 * The mean of every window of a sequence; see `avgPool2d`.
 *
 * @param x  [N, C, L]
 * @returns  [N, C, OL], OL = ⌊(L + 2 · padding − kernel) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 */
export const avgPool1d: AvgPool<1> = pooling('avgPool1d', 1);

/**
 * The mean of every window.
 *
 *   y[n, c, i, j] = 1 / count · Σ over p, q of x[n, c, i·stride + p − padding, j·stride + q − padding]
 *
 * `count` is the number of elements within the padded image, or with countIncludePad false, within the image.
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, OH, OW], OH = ⌊(H + 2 · padding − kernel) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 * @throws ValueError "avgPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]"
 */
export const avgPool2d: AvgPool<2> = pooling('avgPool2d', 2);

/**
 * The mean of every window of a volume, as that of its planes' means along the depth; see `avgPool2d`.
 *
 * @param x  [N, C, D, H, W]
 * @returns  [N, C, OD, OH, OW]
 */
export const avgPool3d: AvgPool<3> = pooling('avgPool3d', 3);

function pooling<R extends Rank>(op: string, rank: R): AvgPool<R> {
  return named(op, (x: Tensor, options: AvgPoolOptions<R>): Tensor => {
    const axes = poolTracks(op, rank, x, options);
    return inFloat([x], (x) => average(axes, x, options.countIncludePad ?? true));
  });
}

/** The means along one, two or three axes. */
export function average(axes: readonly Track[], x: Tensor, countIncludePad: boolean): Tensor {
  const [n, c] = x.shape;
  const planes = (rows: Track, columns: Track, x: Tensor): Tensor => {
    const numbers = [...windowNumbers([rows, columns]), Number(countIncludePad), rows.after, columns.after];
    return ofPlanes(x, [x.shape[0], x.shape[1], rows.count, columns.count], numbers);
  };
  if (axes.length === 2) return planes(axes[0], axes[1], x);
  if (axes.length === 1) {
    const [{ size, count }] = axes;
    return reshape(planes(track(1), axes[0], reshape(x, [n, c, 1, size])), [n, c, count]);
  }
  const [depth, rows, columns] = axes;
  const inPlane = planes(rows, columns, reshape(x, [n, c * depth.size, rows.size, columns.size]));
  const pixels = rows.count * columns.count;
  const y = planes(depth, track(pixels), reshape(inPlane, [n, c, depth.size, pixels]));
  return reshape(y, [n, c, depth.count, rows.count, columns.count]);
}

/* The mean is linear: each of these is the other's derivative. */

kernel('avgPool2d', { flops: ([y], [height, width]) => sizeOf(y.shape) * height * width });
kernel('avgPool2dInput', { flops: ([, dy], [height, width]) => sizeOf(dy.shape) * height * width });

function ofPlanes(x: Tensor, shape: readonly number[], numbers: readonly number[]): Tensor {
  const y = empty(shape, x.dtype);
  run('avgPool2d', [y, x], numbers);
  const { shape: full } = x;
  return record('avgPool2d', y, [x], [], (dy) => [share(dy, full, numbers)]);
}

function share(dy: Tensor, shape: readonly number[], numbers: readonly number[]): Tensor {
  const dx = empty(shape, dy.dtype);
  run('avgPool2dInput', [dx, dy], numbers);
  const { shape: pooled } = dy;
  return record('avgPool2dInput', dx, [dy], [], (ddx) => [ofPlanes(ddx, pooled, numbers)]);
}
