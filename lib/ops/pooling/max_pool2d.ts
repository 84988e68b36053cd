import { kernel, run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { leaveToTape } from '../../core/recycling.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkPair, checkPool, type Pair, poolShape, reach } from '../convolution/window.js';
import type { Floating } from '../elementwise/elementwise.js';
import { gather } from '../indexing/gather.js';
import { inFloat } from '../precision.js';
import { checkPositions } from '../reduction/reduction.js';

export interface MaxPool2dOptions {
  /** Size of the window; ≥ 1. */
  kernelSize: Pair;
  /** Step of the window; ≥ 1; default: the kernel's size. */
  stride?: Pair;
  /** Padding with −∞ on each side; at most half of the kernel; default 0. */
  padding?: Pair;
  /** Distance between the window's elements; ≥ 1; default 1. */
  dilation?: Pair;
  /** Let windows run over the end, so that no row or column is left out; default false. */
  ceilMode?: boolean;
}

/**
 * The largest element of every window; NaN if one is. The gradient goes to the first of equal ones.
 *
 *   y[n, c, i, j] = max over p, q of x[n, c, i·stride + p·dilation − padding, j·stride + q·dilation − padding]
 *
 * @param x  [N, C, H, W]
 * @returns  [N, C, OH, OW], OH = ⌊(H + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 (⌈ ⌉ with ceilMode)
 * @throws ValueError "maxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]"
 */
export function maxPool2d<N extends number, C extends number, D extends DType>(
  x: Tensor<[N, C, number, number], D>,
  options: MaxPool2dOptions,
): Tensor<[N, C, number, number], Floating<D>> {
  checkTensor('maxPool2d', x);
  const { kernel, stride, padding } = checkPool('maxPool2d', options);
  const dilation = checkPair('maxPool2d', 'dilation', options.dilation ?? 1, 1);
  const window: [number, number] = [reach(kernel[0], dilation[0]), reach(kernel[1], dilation[1])];
  const shape = poolShape('maxPool2d', x, window, stride, padding, options.ceilMode ?? false);
  checkPositions('maxPool2d', x.shape[2] * x.shape[3]);
  const numbers = [...kernel, ...stride, ...padding, ...dilation];
  return inFloat([x], (x: Tensor) => {
    const y = empty(shape, x.dtype);
    const indices = empty(shape, 'int32');
    run('maxPool2d', [y, indices, x], numbers);
    const size = x.shape;
    record('maxPool2d', y, [x], [indices], (dy, [indices]) => [spread(dy, indices, size)]);
    leaveToTape(indices.storage);
    return y;
  });
}

kernel('maxPool2d', { writes: 2, flops: ([y], [height, width]) => sizeOf(y.shape) * height * width });
kernel('maxPool2dInput', { flops: ([, dy]) => sizeOf(dy.shape) });

/** Puts every element of dy in its place of a plane of zeros; elements with one place are added. */
function spread(dy: Tensor, indices: Tensor, shape: readonly number[]): Tensor {
  const dx = empty(shape, dy.dtype);
  run('maxPool2dInput', [dx, dy, indices]);
  return record('maxPool2dInput', dx, [dy], [indices], (ddx: Tensor) => {
    const [n, c] = shape;
    const planes: Tensor = ddx.reshape([n, c, shape[2] * shape[3]]);
    const places: Tensor = indices.reshape([n, c, dy.shape[2] * dy.shape[3]]);
    return [gather(planes, 2, places).reshape(dy.shape)];
  });
}
