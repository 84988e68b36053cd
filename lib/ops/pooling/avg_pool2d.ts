import { kernel, run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkPool, type Pair, poolShape } from '../convolution/window.js';
import type { Floating } from '../elementwise/elementwise.js';
import { inFloat } from '../precision.js';

export interface AvgPool2dOptions {
  /** Size of the window; ≥ 1. */
  kernelSize: Pair;
  /** Step of the window; ≥ 1; default: the kernel's size. */
  stride?: Pair;
  /** Zeros on each side; at most half of the kernel; default 0. */
  padding?: Pair;
  /** Let windows run over the end, so that no row or column is left out; default false. */
  ceilMode?: boolean;
  /** Count the padding's zeros as elements; default true. */
  countIncludePad?: boolean;
}

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
export function avgPool2d<N extends number, C extends number, D extends DType>(
  x: Tensor<[N, C, number, number], D>,
  options: AvgPool2dOptions,
): Tensor<[N, C, number, number], Floating<D>> {
  checkTensor('avgPool2d', x);
  const { kernel, stride, padding } = checkPool('avgPool2d', options);
  const shape = poolShape('avgPool2d', x, kernel, stride, padding, options.ceilMode ?? false);
  const includePad = Number(options.countIncludePad ?? true);
  const numbers = [...kernel, ...stride, ...padding, includePad, ...padding];
  return inFloat([x], (x) => average(x, shape, numbers));
}

/* The mean is linear: each of these is the other's derivative. */

kernel('avgPool2d', { flops: ([y], [height, width]) => sizeOf(y.shape) * height * width });
kernel('avgPool2dInput', { flops: ([, dy], [height, width]) => sizeOf(dy.shape) * height * width });

function average(x: Tensor, shape: readonly number[], numbers: readonly number[]): Tensor {
  const y = empty(shape, x.dtype);
  run('avgPool2d', [y, x], numbers);
  const { shape: full } = x;
  return record('avgPool2d', y, [x], [], (dy) => [share(dy, full, numbers)]);
}

function share(dy: Tensor, shape: readonly number[], numbers: readonly number[]): Tensor {
  const dx = empty(shape, dy.dtype);
  run('avgPool2dInput', [dx, dy], numbers);
  const { shape: pooled } = dy;
  return record('avgPool2dInput', dx, [dy], [], (ddx) => [average(ddx, pooled, numbers)]);
}
