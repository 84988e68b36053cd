import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';

/* The common parts of ops that slide a window over images [N, C, H, W]: convolution and pooling. */

/** One number for both axes, or one for the height and one for the width. */
export type Pair = number | readonly [height: number, width: number];

/** A user's pair of whole numbers, none below `least`. */
export function checkPair(op: string, name: string, value: Pair, least: number): [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (pair.length !== 2 || !pair.every((n) => Number.isSafeInteger(n) && n >= least)) {
    throw new ValueError(
      `${op}: ${name} must be a whole number ≥ ${least} or two of them, [height, width]; got ${JSON.stringify(value)}`,
    );
  }
  return [pair[0], pair[1]];
}

/** The operand of an op on images. */
export function checkImages(op: string, x: Tensor): void {
  if (x.rank !== 4) {
    throw new ShapeError(
      `${op}: x must have the axes [batch, channels, height, width]; got ${show(x.shape)}; a single image [C, H, W] needs reshape([1, C, H, W])`,
    );
  }
}

/** Rows and columns of the window's positions; fails where the window is larger than the padded image. */
export function checkWindow(
  op: string,
  x: Shape,
  window: readonly [number, number],
  padding: readonly [readonly [number, number], readonly [number, number]],
): void {
  const height = x[2] + padding[0][0] + padding[0][1];
  const width = x[3] + padding[1][0] + padding[1][1];
  if (window[0] > height || window[1] > width) {
    throw new ShapeError(
      `${op}: the window ${show(window)} is larger than the padded image ${show([height, width])} of x ${show(x)}; pad more or use a smaller kernel`,
    );
  }
}

/** What pools have in common. */
export interface PoolOptions {
  kernelSize: Pair;
  stride?: Pair;
  padding?: Pair;
}

/** A user's window, step and padding of a pool; the padding must leave an element of the image in every window. */
export function checkPool(op: string, options: PoolOptions): Record<'kernel' | 'stride' | 'padding', [number, number]> {
  const kernel = checkPair(op, 'kernelSize', options.kernelSize, 1);
  const stride = checkPair(op, 'stride', options.stride ?? options.kernelSize, 1);
  const padding = checkPair(op, 'padding', options.padding ?? 0, 0);
  if (2 * padding[0] > kernel[0] || 2 * padding[1] > kernel[1]) {
    throw new ValueError(
      `${op}: padding must be at most half of the kernel ${show(kernel)}, or a window could be empty; got ${show(padding)}`,
    );
  }
  return { kernel, stride, padding };
}

/** The shape of pooled images. With `ceil`, windows may run over the end, but start inside of the image or left of it. */
export function poolShape(
  op: string,
  x: Tensor,
  window: readonly [number, number],
  stride: readonly [number, number],
  padding: readonly [number, number],
  ceil: boolean,
): number[] {
  checkImages(op, x);
  checkWindow(op, x.shape, window, [
    [padding[0], padding[0]],
    [padding[1], padding[1]],
  ]);
  const positions = (axis: 0 | 1): number => {
    const steps = (x.shape[2 + axis] + 2 * padding[axis] - window[axis]) / stride[axis];
    if (!ceil) return Math.floor(steps) + 1;
    const last = Math.ceil(steps);
    return last * stride[axis] >= x.shape[2 + axis] + padding[axis] ? last : last + 1;
  };
  return [x.shape[0], x.shape[1], positions(0), positions(1)];
}

/** What a kernel of `size` covers when its elements are `dilation` apart. */
export const reach = (size: number, dilation: number): number => dilation * (size - 1) + 1;
