import { kernel, run } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { leaveToTape } from '../../core/recycling.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Images, type PerAxis, type Rank, type Track, track } from '../convolution/window.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { named } from '../elementwise/elementwise.js';
import { floor } from '../elementwise/floor.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { gather } from '../indexing/gather.js';
import { inFloat } from '../precision.js';
import { checkPositions } from '../reduction/reduction.js';
import { reshape } from '../shape/reshape.js';
import { to } from '../shape/to.js';
import { type PoolOptions, poolTracks, windowNumbers } from './pool.js';

export interface MaxPoolOptions<R extends Rank> extends PoolOptions<R> {
  /** Distance between the window's elements; ≥ 1; default 1. */
  dilation?: PerAxis<R>;
  /** Return the position of each result beside it, for `maxUnpool`; default false. */
  returnIndices?: boolean;
}
export type MaxPool1dOptions = MaxPoolOptions<1>;
export type MaxPool2dOptions = MaxPoolOptions<2>;
export type MaxPool3dOptions = MaxPoolOptions<3>;

/** A choice of one element of every window, with or without its position in the plane or volume, in row-major order. */
export interface MaxPool<R extends Rank> {
  <N extends number, C extends number, D extends DType>(
    x: Tensor<Images<N, C, R>, D>,
    options: MaxPoolOptions<R> & { returnIndices: true },
  ): [y: Tensor<Images<N, C, R>, Floating<D>>, indices: Tensor<Images<N, C, R>, 'int32'>];
  <N extends number, C extends number, D extends DType>(
    x: Tensor<Images<N, C, R>, D>,
    options: MaxPoolOptions<R> & { returnIndices?: false },
  ): Tensor<Images<N, C, R>, Floating<D>>;
}

/**
 * The largest element of every window of a sequence; see `maxPool2d`.
 *
 * @param x  [N, C, L]
 * @returns  [N, C, OL], OL = ⌊(L + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 */
export const maxPool1d: MaxPool<1> = pooling('maxPool1d', 1, (x) => x);

/**
 * The largest element of every window; NaN if one is. The gradient goes to the first of equal ones.
 *
 *   y[n, c, i, j] = max over p, q of x[n, c, i·stride + p·dilation − padding, j·stride + q·dilation − padding]
 *
 * The padding is −∞. With `returnIndices` the result is [y, indices], the position h · W + w of each element in its plane.
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, OH, OW], OH = ⌊(H + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 * @throws ValueError "maxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]"
 */
export const maxPool2d: MaxPool<2> = pooling('maxPool2d', 2, (x) => x);

/**
 * The largest element of every window of a volume, as that of its planes' windows along the depth; see `maxPool2d`.
 *
 * @param x  [N, C, D, H, W]
 * @returns  [N, C, OD, OH, OW]; indices are (d · H + h) · W + w
 */
export const maxPool3d: MaxPool<3> = pooling('maxPool3d', 3, (x) => x);

/** The smallest element of every window: −max(−x); see `maxPool1d`. [N, C, L] → [N, C, OL]. */
export const minPool1d: MaxPool<1> = pooling('minPool1d', 1, neg);

/** The smallest element of every window: −max(−x); see `maxPool2d`. [N, C, H, W] → [N, C, OH, OW]. */
export const minPool2d: MaxPool<2> = pooling('minPool2d', 2, neg);

/** The smallest element of every window: −max(−x); see `maxPool3d`. [N, C, D, H, W] → [N, C, OD, OH, OW]. */
export const minPool3d: MaxPool<3> = pooling('minPool3d', 3, neg);

/** Pools by the largest of what `turn`, which is its own inverse, makes of the elements. */
function pooling<R extends Rank>(op: string, rank: R, turn: (x: Tensor) => Tensor): MaxPool<R> {
  return named(op, (x: Tensor, options: MaxPoolOptions<R>) => {
    const axes = poolTracks(op, rank, x, options);
    checkPositions(
      op,
      axes.reduce((positions, { size }) => positions * size, 1),
    );
    const withIndices = options.returnIndices ?? false;
    let indices: Tensor | null = null;
    const y = inFloat([x], (x) => {
      const found = largest(axes, turn(x), withIndices);
      indices = found[1];
      return turn(found[0]);
    });
    return withIndices ? [y, indices] : y;
  }) as MaxPool<R>;
}

/** The maxima along one, two or three axes, and where they are if that is wanted. */
export function largest(axes: readonly Track[], x: Tensor, withIndices: boolean): [y: Tensor, indices: Tensor] {
  const [n, c] = x.shape;
  const counts = axes.map(({ count }) => count);
  if (axes.length === 2) return ofPlanes(axes[0], axes[1], x, withIndices);
  if (axes.length === 1) {
    const [{ size }] = axes;
    const [y, indices] = ofPlanes(track(1), axes[0], reshape(x, [n, c, 1, size]), withIndices);
    return [reshape(y, [n, c, ...counts]), reshape(indices, [n, c, ...counts])];
  }
  // The maximum of a volume's window is that of its planes' maxima; so is the first of equal ones.
  const [depth, rows, columns] = axes;
  const pixels = rows.count * columns.count;
  const planes = reshape(x, [n, c * depth.size, rows.size, columns.size]);
  const [inPlane, places] = ofPlanes(rows, columns, planes, withIndices);
  const [y, chosen] = ofPlanes(depth, track(pixels), reshape(inPlane, [n, c, depth.size, pixels]), withIndices);
  const shape = [n, c, ...counts];
  if (!withIndices) return [reshape(y, shape), chosen];
  const among: Tensor = reshape(chosen, [n, c, depth.count * pixels]);
  const inside: Tensor = gather(reshape(places, [n, c, depth.size * pixels]), 2, among);
  // In float64, in which a quotient of whole numbers has the right whole part.
  const plane: Tensor = to(floor(div(to(among, 'float64'), pixels)), 'int32');
  return [reshape(y, shape), reshape(add(mul(plane, rows.size * columns.size), inside), shape)];
}

kernel('maxPool2d', { writes: 2, flops: ([y], [height, width]) => sizeOf(y.shape) * height * width });
kernel('maxPool2dInput', { flops: ([, dy]) => sizeOf(dy.shape) });

function ofPlanes(rows: Track, columns: Track, x: Tensor, withIndices: boolean): [y: Tensor, indices: Tensor] {
  const size = x.shape;
  const shape = [size[0], size[1], rows.count, columns.count];
  const y: Tensor = empty(shape, x.dtype);
  const indices: Tensor = empty(shape, 'int32');
  const window = [...windowNumbers([rows, columns]), rows.dilation, columns.dilation];
  run('maxPool2d', [y, indices, x], window);
  record('maxPool2d', y, [x], [indices], (dy, [indices]) => [spread(dy, indices, size, window)]);
  if (!withIndices) leaveToTape(indices.storage);
  return [y, indices];
}

/**
 * Puts every element of dy in its place of a plane of zeros; elements with one place are added.
 *
 * @param window  the numbers of the windows in which the places lie, where they do
 */
export function spread(dy: Tensor, indices: Tensor, shape: readonly number[], window: readonly number[] = []): Tensor {
  const dx = empty(shape, dy.dtype);
  run('maxPool2dInput', [dx, dy, indices], window);
  const { shape: pooled } = dy;
  return record('maxPool2dInput', dx, [dy], [indices], (ddx, [indices]) => {
    const [n, c] = shape;
    const planes: Tensor = ddx.reshape([n, c, shape[2] * shape[3]]);
    const places: Tensor = indices.reshape([n, c, pooled[2] * pooled[3]]);
    return [gather(planes, 2, places).reshape(pooled)];
  });
}
