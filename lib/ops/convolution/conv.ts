import { checkArray } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { named } from '../elementwise/elementwise.js';
import { inFloat } from '../precision.js';
import { type PadMode, pad } from '../shape/pad.js';
import { slice } from '../shape/slice.js';
import { squeeze } from '../shape/squeeze.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { convolve, geometry } from './products.js';
import {
  axisNames,
  checkImages,
  checkSizes,
  checkTracks,
  type Images,
  type PaddingSizes,
  type PerAxis,
  type Rank,
  reach,
  type Sides,
  type Track,
  track,
} from './window.js';

/**
 * Zeros around the image: one number, one an axis, or [before, after] for each axis; or by name, with r what the dilated
 * kernel covers: 'valid' (none), 'same' (r − 1 in all, an odd one behind: keeps the size), 'full' (r − 1 on each side: every
 * overlap), 'causal' (r − 1 in front, sequences only: no output sees what comes later).
 */
export type ConvPadding<R extends Rank> = PaddingSizes<R> | 'valid' | 'same' | 'full' | 'causal';

/** 'direct': each product of the definition; 'winograd': fewer products and more rounding, where that pays. */
export type Conv2dAlgorithm = 'direct' | 'winograd';

export interface ConvOptions<R extends Rank> {
  /** Step of the kernel over the image; ≥ 1; default 1. */
  stride?: PerAxis<R>;
  /** Zeros around the image; 'same' needs stride 1; default 0. */
  padding?: ConvPadding<R>;
  /** What the padding holds: zeros, or the image again as `pad` continues it; default 'zeros'. */
  paddingMode?: 'zeros' | PadMode;
  /** Distance between the kernel's elements; ≥ 1; default 1. */
  dilation?: PerAxis<R>;
  /** Channels fall into this many groups that see only each other; divides C and O; C of them: depthwise; default 1. */
  groups?: number;
  /** Turn the kernel end to end first: the convolution of mathematics; default false. */
  flip?: boolean;
  /** How it is computed; 'winograd' is faster and rounds more, see `conv2d`; default 'direct'. */
  algorithm?: Conv2dAlgorithm;
}

export type Conv1dOptions = ConvOptions<1>;
export type Conv2dOptions = ConvOptions<2>;
export type Conv3dOptions = ConvOptions<3>;
export type Conv2dPadding = ConvPadding<2>;

/** A convolution of one rank. */
export type Conv<R extends Rank> = <
  N extends number,
  C extends number,
  O extends number,
  D extends DType,
  E extends DType = D,
>(
  x: Tensor<Images<N, C, R>, D>,
  weight: Tensor<Images<O, number, R>, E>,
  bias?: Tensor<[NoInfer<O>]>,
  options?: ConvOptions<R>,
) => Tensor<Images<N, O, R>, Floating<Promoted<D, E>>>;

/**
 * Convolution of sequences; with zeros outside of x and o in group g
 *
 *   y[n, o, i] = bias[o] + Σ w[o, c, p] · x[n, g·C/groups + c, i·stride + p·dilation − left]
 *
 * @param x       [N, C, L]
 * @param weight  [O, C / groups, K]
 * @param bias    [O]
 * @returns       [N, O, OL], OL = ⌊(L + left + right − dilation · (K − 1) − 1) / stride⌋ + 1
 * @throws ShapeError  "conv1d: the window [5] is larger than the padded sequence [4] of x [1, 1, 4]; pad more or use a smaller kernel"
 */
export const conv1d: Conv<1> = convolution('conv1d', 1);

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in the field):
 *
 *   y[n, o, i, j] = bias[o] + Σ w[o, c, p, q] · x[n, g·C/groups + c, i·stride + p·dilation − top, j·stride + q·dilation − left]
 *
 * over c, p, q, with o in group g and x = 0 outside of the image. `autocast` rounds x, w and dy to bfloat16.
 *
 * With `algorithm: 'winograd'` the result and the gradient of x come from F(4×4, 3×3), of whose products a channel takes
 * 36 for 16 outputs instead of 144. It applies to 3×3 kernels with stride 1, dilation 1 and one group in float32 that
 * `autocast` does not round, and pays from 16 channels in and out and 64 tiles of 4×4 outputs in a batch on, from 256
 * channels on from 32 tiles; all else, and the gradient of w, is computed directly, so that a whole model can ask for it.
 * Its price is rounding: on VGG's layers of 64 and 128 channels, with normal inputs and He's weights, the root mean square
 * error is 0.8 to 1.1 · 10⁻⁶ of the results' root mean square, 1.8 to 2.0 times that of the direct way, and the largest
 * error 1.4 · 10⁻⁵ of it, at most 2.2 times. An infinity or NaN in x reaches whole tiles of outputs, not only those whose
 * windows have it.
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
export const conv2d: Conv<2> = convolution('conv2d', 2);

/**
 * Convolution of volumes, as `conv2d` with a depth: y[n, o, i, j, k] = bias[o] + Σ w[o, c, p, q, r] · x[n, c, …].
 *
 * It is computed as that of N · OD images, in which the KD planes that a kernel covers are channels beside each other, read
 * where they lie; zeros in front and behind count as planes. 'winograd' asks for stride 1 along the depth too.
 *
 * @param x       [N, C, D, H, W]
 * @param weight  [O, C / groups, KD, KH, KW]
 * @param bias    [O]
 * @returns       [N, O, OD, OH, OW], sizes as in `conv2d`
 */
export const conv3d: Conv<3> = convolution('conv3d', 3);

function convolution<R extends Rank>(op: string, rank: R): Conv<R> {
  return named(op, (x: Tensor, weight: Tensor, bias?: Tensor, options: ConvOptions<R> = {}): Tensor => {
    const { groups = 1, paddingMode = 'zeros', flip = false, algorithm = 'direct' } = options;
    checkAlgorithm(op, algorithm);
    checkOperands(op, rank, [x, weight, bias], groups);
    const axes = tracks(op, rank, x.shape, weight.shape.slice(2), options);
    return inFloat([x, weight, bias], (x: Tensor, weight: Tensor, bias?: Tensor) => {
      const kernel = flip ? slice(weight, null, null, ...new Array(rank).fill([null, null, -1])) : weight;
      const winograd = algorithm === 'winograd';
      if (paddingMode === 'zeros') return forward(axes, groups, winograd, x, kernel, bias);
      const padded = pad(x, axes.map(sidesOf), paddingMode);
      return forward(axes.map(inside), groups, winograd, padded, kernel, bias);
    });
  });
}

const sidesOf = ({ before, after }: Track): Sides => [before, after];
/** The same positions over an axis that has its padding. */
const inside = (axis: Track): Track => ({
  ...axis,
  size: axis.before + axis.size + axis.after,
  before: 0,
  after: 0,
});

/** Convolution along one, two or three axes; sequences are images of one row. */
function forward(
  axes: readonly Track[],
  groups: number,
  winograd: boolean,
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
): Tensor {
  const [n, c] = x.shape;
  const [o] = weight.shape;
  if (axes.length === 1) {
    const rows = geometry([n, c, o, groups], [track(1), ...axes], winograd);
    return squeeze(convolve(rows, unsqueeze(x, 2), unsqueeze(weight, 2), bias), 2);
  }
  return convolve(geometry([n, c, o, groups], axes, winograd), x, weight, bias);
}

/** A user's algorithm. */
export function checkAlgorithm(op: string, algorithm: Conv2dAlgorithm): void {
  if (algorithm !== 'direct' && algorithm !== 'winograd') {
    throw new ValueError(`${op}: algorithm must be 'direct' or 'winograd'; got '${algorithm}'`);
  }
}

/** Operands that fit together; a transposed convolution's weight has the in channels first. */
export function checkOperands(
  op: string,
  rank: Rank,
  [x, weight, bias]: readonly [Tensor, Tensor, Tensor | undefined],
  groups: number,
  transposed = false,
): void {
  checkImages(op, x, rank);
  const [outer, inner] = transposed ? ['in', 'out'] : ['out', 'in'];
  if (weight.rank !== rank + 2) {
    throw new ShapeError(
      `${op}: weight must have the axes [${outer} channels, ${inner} channels / groups, ${axisNames(rank)}]; got ${show(weight.shape)}`,
    );
  }
  const [first, perGroup] = weight.shape;
  if (!Number.isInteger(groups) || groups < 1 || first % groups !== 0) {
    throw new ValueError(
      `${op}: groups must be a whole number ≥ 1 that divides the ${first} ${outer} channels of weight ${show(weight.shape)}; got ${groups}`,
    );
  }
  const [o, c] = transposed ? [perGroup * groups, first] : [first, perGroup * groups];
  if (x.shape[1] !== c) {
    throw new ShapeError(
      `${op}: weight ${show(weight.shape)} in ${plural(groups, 'group')} takes ${plural(c, 'channel')}; x ${show(x.shape)} has ${x.shape[1]}`,
    );
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== o)) {
    throw new ShapeError(
      `${op}: bias must be [${o}], the out channels of weight ${show(weight.shape)}; got ${show(bias.shape)}`,
    );
  }
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** What of a convolution's options says where its windows lie. */
export type WindowOptions<R extends Rank> = Pick<ConvOptions<R>, 'stride' | 'padding' | 'dilation'>;

/** The windows of a user's kernel size and options. */
export function tracks<R extends Rank>(
  op: string,
  rank: R,
  x: Shape,
  taps: readonly number[],
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions<R>,
): Track[] {
  const steps = checkSizes(op, 'stride', stride, rank, 1);
  const dilations = checkSizes(op, 'dilation', dilation, rank, 1);
  const covered = taps.map((taps, i) => reach({ taps, dilation: dilations[i] }));
  const sides = resolvePadding(op, rank, padding, covered, steps);
  return checkTracks(
    op,
    x,
    rank,
    taps.map((taps, i) => {
      const [before, after] = sides[i];
      return { taps, stride: steps[i], dilation: dilations[i], before, after };
    }),
  );
}

function resolvePadding<R extends Rank>(
  op: string,
  rank: R,
  padding: ConvPadding<R>,
  covered: readonly number[],
  stride: readonly number[],
): readonly Sides[] {
  if (padding === 'valid') return covered.map(() => [0, 0]);
  if (padding === 'full') return covered.map((r) => [r - 1, r - 1]);
  if (padding === 'causal' && rank === 1) return covered.map((r) => [r - 1, 0]);
  if (padding === 'same') {
    if (stride.some((step) => step !== 1)) {
      throw new ValueError(
        `${op}: padding 'same' needs stride 1; got stride ${show(stride)}; pass the padding in numbers`,
      );
    }
    // An odd zero goes to the bottom and to the right, as in PyTorch.
    return covered.map((r) => [Math.floor((r - 1) / 2), Math.ceil((r - 1) / 2)]);
  }
  if (typeof padding === 'string') {
    const names = rank === 1 ? "'valid', 'same', 'full' or 'causal'" : "'valid', 'same' or 'full'";
    throw new ValueError(`${op}: padding must be in numbers, ${names}; got '${padding}'`);
  }
  return checkPadding(op, rank, padding);
}

/** A user's padding in numbers. */
export function checkPadding<R extends Rank>(op: string, rank: R, padding: PaddingSizes<R>): readonly Sides[] {
  if (typeof padding !== 'number') checkArray(op, 'padding', padding);
  if (typeof padding === 'number' || typeof padding[0] === 'number') {
    return checkSizes(op, 'padding', padding as PerAxis<R>, rank, 0).map((n) => [n, n]);
  }
  const sides = padding as readonly Sides[];
  const isPair = (pair: Sides): boolean => pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (sides.length !== rank || !sides.every(isPair)) {
    throw new ValueError(
      `${op}: padding must be whole numbers ≥ 0, [before, after] for each of [${axisNames(rank)}]; got ${JSON.stringify(padding)}`,
    );
  }
  return sides;
}
