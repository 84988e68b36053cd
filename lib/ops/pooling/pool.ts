import { ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkImages, checkSizes, checkTracks, type PerAxis, type Rank, type Track } from '../convolution/window.js';

/** What pools have in common. */
export interface PoolOptions<R extends Rank> {
  /** Size of the window; ≥ 1. */
  kernelSize: PerAxis<R>;
  /** Step of the window; ≥ 1; default: the kernel's size. */
  stride?: PerAxis<R>;
  /** Padding on each side; at most half of the kernel; default 0. */
  padding?: PerAxis<R>;
  /** Let windows run over the end, so that no row or column is left out; default false. */
  ceilMode?: boolean;
}

/** A pool's window along one axis, whose padding is the same on both sides. */
type Window = Omit<Track, 'size' | 'count'>;

/** A user's window, step and padding of a pool; the padding must leave an element of the image in every window. */
export function checkPool<R extends Rank>(
  op: string,
  rank: R,
  options: PoolOptions<R> & { dilation?: PerAxis<R> },
): Window[] {
  const kernel = checkSizes(op, 'kernelSize', options.kernelSize, rank, 1);
  const stride = checkSizes(op, 'stride', options.stride ?? options.kernelSize, rank, 1);
  const padding = checkSizes(op, 'padding', options.padding ?? 0, rank, 0);
  if (padding.some((n, i) => 2 * n > kernel[i])) {
    throw new ValueError(
      `${op}: padding must be at most half of the kernel ${show(kernel)}, or a window could be empty; got ${show(padding)}`,
    );
  }
  const dilation = checkSizes(op, 'dilation', options.dilation ?? 1, rank, 1);
  return kernel.map((taps, i) => ({
    taps,
    stride: stride[i],
    dilation: dilation[i],
    before: padding[i],
    after: padding[i],
  }));
}

/** The windows of a pool. With `ceilMode` they may run over the end, but start inside of the image or left of it. */
export function poolTracks<R extends Rank>(op: string, rank: R, x: Tensor, options: PoolOptions<R>): Track[] {
  checkImages(op, x, rank);
  const windows = checkPool(op, rank, options ?? {});
  const axes = checkTracks(op, x.shape, rank, windows);
  if (!options.ceilMode) return axes;
  return axes.map((axis) => {
    const { size, taps, stride, dilation, before, after } = axis;
    const last = Math.ceil((before + size + after - dilation * (taps - 1) - 1) / stride);
    return { ...axis, count: last * stride >= size + before ? last : last + 1 };
  });
}

/** The kernels' numbers of a window over images: its sizes, its steps, its padding at the top and left. */
export const windowNumbers = (axes: readonly Track[]): number[] => [
  ...axes.map(({ taps }) => taps),
  ...axes.map(({ stride }) => stride),
  ...axes.map(({ before }) => before),
];
