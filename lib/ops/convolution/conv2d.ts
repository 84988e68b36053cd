import { kernel, run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { factors, record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import type { Floating, Promoted } from '../elementwise/elementwise.js';
import { inBfloat16, inFloat, productNumbers } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { biasFlops, directFlops, winogradFlops } from './flops.js';
import { checkImages, checkPair, checkWindow, type Pair, reach } from './window.js';

/** Zeros around the images: one number, [height, width], [[top, bottom], [left, right]], 'same' or 'valid' (none). */
export type Conv2dPadding =
  | Pair
  | readonly [readonly [top: number, bottom: number], readonly [left: number, right: number]]
  | 'same'
  | 'valid';

/** 'direct': each product of the definition; 'winograd': fewer products and more rounding, where that pays. */
export type Conv2dAlgorithm = 'direct' | 'winograd';

export interface Conv2dOptions {
  /** Step of the kernel over the image; ≥ 1; default 1. */
  stride?: Pair;
  /** Zeros around the image; 'same' keeps its size and needs stride 1; default 0. */
  padding?: Conv2dPadding;
  /** Distance between the kernel's elements; ≥ 1; default 1. */
  dilation?: Pair;
  /** Channels fall into this many groups that see only each other; divides C and O; default 1. */
  groups?: number;
  /** How it is computed; 'winograd' is faster and rounds more, see `conv2d`; default 'direct'. */
  algorithm?: Conv2dAlgorithm;
}

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in the field):
 *
 *   y[n, o, i, j] = bias[o] + Σ w[o, c, p, q] · x[n, g·C/groups + c, i·stride + p·dilation − top, j·stride + q·dilation − left]
 *
 * over c, p, q, with o in group g and x = 0 outside of the image. `autocast` rounds x, w and dy to bfloat16.
 *
 * With `algorithm: 'winograd'` the result and the gradient of x come from F(4×4, 3×3), of whose products a channel takes
 * 36 for 16 outputs instead of 144. It applies to 3×3 kernels with stride 1, dilation 1 and one group in float32 that
 * `autocast` does not round, and pays from 16 channels in and out and 64 tiles of 4×4 outputs in a batch on; all else,
 * and the gradient of w, is computed directly, so that a whole model can ask for it. Its price is rounding: on VGG's layers
 * of 64 and 128 channels, with normal inputs and He's weights, the root mean square error is 0.8 to 1.1 · 10⁻⁶ of the
 * results' root mean square, 1.8 to 2.0 times that of the direct way, and the largest error 1.4 · 10⁻⁵ of it, at most
 * 2.2 times. An infinity or NaN in x reaches whole tiles of outputs, not only those whose windows have it.
 *
 * @param x       [N, C, H, W]
 * @param weight  [O, C / groups, KH, KW]
 * @param bias    [O]
 * @returns       [N, O, OH, OW], OH = ⌊(H + top + bottom − dilation · (KH − 1) − 1) / stride⌋ + 1
 * @throws ShapeError  "conv2d: weight [8, 4, 3, 3] in 1 group takes 4 channels; x [2, 3, 9, 9] has 3"
 * @throws ValueError  "conv2d: algorithm must be 'direct' or 'winograd'; got 'fft'"
 * @source Dumoulin, Visin 2016, arXiv:1603.07285; Winograd 1980, "Arithmetic Complexity of Computations"; Lavin, Gray 2015,
 *         arXiv:1509.09308, section 4
 */
export function conv2d<N extends number, C extends number, O extends number, D extends DType, E extends DType = D>(
  x: Tensor<[N, C, number, number], D>,
  weight: Tensor<[O, number, number, number], E>,
  bias?: Tensor<[NoInfer<O>]>,
  options: Conv2dOptions = {},
): Tensor<[N, O, number, number], Floating<Promoted<D, E>>> {
  checkTensor('conv2d', x);
  checkTensor('conv2d', weight);
  const geometry = resolve(x, weight, bias, options);
  return inFloat([x, weight, bias], (...operands) => convolve(geometry, ...operands));
}

/** The shapes that belong together and the kernels' numbers. */
interface Geometry {
  x: readonly number[];
  weight: readonly number[];
  y: readonly number[];
  /** strideH, strideW, padTop, padLeft, dilationH, dilationW, groups; bottom and right padding follow from y's shape. */
  numbers: readonly number[];
  /** Whether Winograd's way is asked for, applies and pays. */
  winograd: boolean;
}

/** A user's algorithm. */
export function checkAlgorithm(op: string, algorithm: Conv2dAlgorithm): void {
  if (algorithm !== 'direct' && algorithm !== 'winograd') {
    throw new ValueError(`${op}: algorithm must be 'direct' or 'winograd'; got '${algorithm}'`);
  }
}

function resolve(x: Tensor, weight: Tensor, bias: Tensor | undefined, options: Conv2dOptions): Geometry {
  const { groups = 1, algorithm = 'direct' } = options;
  checkAlgorithm('conv2d', algorithm);
  checkImages('conv2d', x);
  if (weight.rank !== 4) {
    throw new ShapeError(
      `conv2d: weight must have the axes [out channels, in channels / groups, height, width]; got ${show(weight.shape)}`,
    );
  }
  const stride = checkPair('conv2d', 'stride', options.stride ?? 1, 1);
  const dilation = checkPair('conv2d', 'dilation', options.dilation ?? 1, 1);
  const [n, c, h, w] = x.shape;
  const [o, perGroup, kh, kw] = weight.shape;
  if (!Number.isInteger(groups) || groups < 1 || o % groups !== 0) {
    throw new ValueError(
      `conv2d: groups must be a whole number ≥ 1 that divides the ${o} out channels of weight ${show(weight.shape)}; got ${groups}`,
    );
  }
  if (c !== perGroup * groups) {
    throw new ShapeError(
      `conv2d: weight ${show(weight.shape)} in ${plural(groups, 'group')} takes ${plural(perGroup * groups, 'channel')}; x ${show(x.shape)} has ${c}`,
    );
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== o)) {
    throw new ShapeError(
      `conv2d: bias must be [${o}], the out channels of weight ${show(weight.shape)}; got ${show(bias.shape)}`,
    );
  }
  const window = [reach(kh, dilation[0]), reach(kw, dilation[1])] as const;
  const padding = resolvePadding(options.padding ?? 0, window, stride);
  checkWindow('conv2d', x.shape, window, padding);
  const [[top, bottom], [left, right]] = padding;
  const oh = Math.floor((h + top + bottom - window[0]) / stride[0]) + 1;
  const ow = Math.floor((w + left + right - window[1]) / stride[1]) + 1;
  const numbers = [...stride, top, left, ...dilation, groups];
  const y = [n, o, oh, ow];
  const winograd = algorithm === 'winograd' && winogradPays(y, weight.shape, numbers);
  return { x: x.shape, weight: weight.shape, y, numbers, winograd };
}

/** With fewer channels the transforms of the images outweigh the products, with fewer tiles those of the kernels. */
function winogradPays([n, o, oh, ow]: readonly number[], [, c, kh, kw]: readonly number[], numbers: readonly number[]) {
  const [strideH, strideW, , , ...dilationAndGroups] = numbers;
  const applies = kh === 3 && kw === 3 && [strideH, strideW, ...dilationAndGroups].every((value) => value === 1);
  return applies && Math.min(c, o) >= 16 && n * Math.ceil(oh / 4) * Math.ceil(ow / 4) >= 64;
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

type Sides = readonly [readonly [number, number], readonly [number, number]];

function resolvePadding(padding: Conv2dPadding, window: readonly [number, number], stride: readonly number[]): Sides {
  if (padding === 'valid') return resolvePadding(0, window, stride);
  if (padding === 'same') {
    if (stride[0] !== 1 || stride[1] !== 1) {
      throw new ValueError(
        `conv2d: padding 'same' needs stride 1; got stride ${show(stride)}; pass the padding in numbers`,
      );
    }
    // An odd zero goes to the bottom and to the right, as in PyTorch.
    const [vertical, horizontal] = [window[0] - 1, window[1] - 1];
    const half = (n: number): [number, number] => [Math.floor(n / 2), Math.ceil(n / 2)];
    return [half(vertical), half(horizontal)];
  }
  if (typeof padding !== 'number' && typeof padding[0] !== 'number') {
    const sides = padding as Sides;
    return [checkPair('conv2d', 'padding', sides[0], 0), checkPair('conv2d', 'padding', sides[1], 0)];
  }
  const [vertical, horizontal] = checkPair('conv2d', 'padding', padding as Pair, 0);
  return [
    [vertical, vertical],
    [horizontal, horizontal],
  ];
}

/*
 * y is linear in x and in w, so each of the three products below has the other two as its derivatives:
 * y = x ∗ w, dx = dy ∗ w with its kernel turned, dw = x ∗ dy.
 */

const stepsAndPadding = ['strideH', 'strideW', 'padTop', 'padLeft', 'dilationH', 'dilationW', 'groups'];
const numberNames = [...stepsAndPadding, 'epilogue', 'rounds'];
kernel('conv2d', {
  flops: ([y, , weight, ...bias]) => directFlops(y, weight) + biasFlops(y, bias),
  numbers: numberNames,
});
kernel('conv2dInput', { flops: ([, dy, weight]) => directFlops(dy, weight) });
kernel('conv2dWeight', { flops: ([dw, , dy]) => directFlops(dy, dw) });
kernel('conv2dWinograd', {
  flops: ([y, x, , ...bias]) => winogradFlops(y, x.shape[1], y.shape[1]) + biasFlops(y, bias),
  numbers: numberNames,
});
kernel('conv2dInputWinograd', { flops: ([dx, dy]) => winogradFlops(dx, dy.shape[1], dx.shape[1]) });

const numbersOf = ({ numbers }: Geometry, { dtype }: Tensor): readonly number[] => [
  ...numbers,
  ...productNumbers(dtype),
];

const kernelOf = <K extends string>(kernel: K, { winograd }: Geometry, { dtype }: Tensor): K | `${K}Winograd` =>
  winograd && dtype === 'float32' && !inBfloat16(dtype) ? `${kernel}Winograd` : kernel;

function convolve(geometry: Geometry, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = empty(geometry.y, x.dtype);
  run(kernelOf('conv2d', geometry, y), bias ? [y, x, weight, bias] : [y, x, weight], numbersOf(geometry, y));
  return record('conv2d', y, bias ? [x, weight, bias] : [x, weight], factors(x, weight), (dy, [x, weight]) => [
    () => inputProduct(geometry, dy, weight),
    () => weightProduct(geometry, x, dy),
    () => sum(dy, [0, 2, 3]),
  ]);
}

function inputProduct(geometry: Geometry, dy: Tensor, weight: Tensor): Tensor {
  const dx = empty(geometry.x, dy.dtype);
  run(kernelOf('conv2dInput', geometry, dx), [dx, dy, weight], numbersOf(geometry, dx));
  return record('conv2dInput', dx, [dy, weight], factors(dy, weight), (ddx, [dy, weight]) => [
    () => convolve(geometry, ddx, weight),
    () => weightProduct(geometry, ddx, dy),
  ]);
}

function weightProduct(geometry: Geometry, x: Tensor, dy: Tensor): Tensor {
  const dw = empty(geometry.weight, dy.dtype);
  run('conv2dWeight', [dw, x, dy], numbersOf(geometry, dw));
  return record('conv2dWeight', dw, [x, dy], factors(x, dy), (ddw, [x, dy]) => [
    () => inputProduct(geometry, dy, ddw),
    () => convolve(geometry, x, ddw),
  ]);
}
