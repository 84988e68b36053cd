import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { named } from '../elementwise/elementwise.js';
import { inFloat } from '../precision.js';
import { reshape } from '../shape/reshape.js';
import { squeeze } from '../shape/squeeze.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { checkOperands, checkPadding } from './conv.js';
import { geometry, inputProduct } from './products.js';
import {
  checkSizes,
  type Images,
  type PaddingSizes,
  type PerAxis,
  type Rank,
  reach,
  type Sides,
  type Track,
  track,
} from './window.js';

export interface ConvTransposeOptions<R extends Rank> {
  /** Distance between the places of two inputs' kernels in the result; ≥ 1; default 1. */
  stride?: PerAxis<R>;
  /**
   * What is cut off the result: one number, one an axis, [before, after] for each axis, 'valid' (nothing) or 'same', which
   * leaves size · stride; default 0.
   */
  padding?: PaddingSizes<R> | 'valid' | 'same';
  /** Elements that the result has more at its end; smaller than the stride or the dilation; default 0. */
  outputPadding?: PerAxis<R>;
  /** Distance between the kernel's elements; ≥ 1; default 1. */
  dilation?: PerAxis<R>;
  /** Channels fall into this many groups that see only each other; divides C and O; default 1. */
  groups?: number;
}
export type ConvTranspose1dOptions = ConvTransposeOptions<1>;
export type ConvTranspose2dOptions = ConvTransposeOptions<2>;
export type ConvTranspose3dOptions = ConvTransposeOptions<3>;

/** A transposed convolution of one rank. */
export type ConvTranspose<R extends Rank> = <
  N extends number,
  C extends number,
  D extends DType,
  E extends DType = D,
  O extends number = number,
>(
  x: Tensor<Images<N, C, R>, D>,
  weight: Tensor<Images<NoInfer<C>, number, R>, E>,
  bias?: Tensor<[O]>,
  options?: ConvTransposeOptions<R>,
) => Tensor<Images<N, O, R>, Floating<Promoted<D, E>>>;

/** Transposed convolution of sequences; see `convTranspose2d`. x [N, C, L], weight [C, O / groups, K] → [N, O, OL]. */
export const convTranspose1d: ConvTranspose<1> = transposed('convTranspose1d', 1);

/**
 * Transposed convolution: every input puts the kernel, times its value, into the result; the gradient of `conv2d` by its input.
 *
 *   y[n, o, i·stride + p·dilation − top, j·stride + q·dilation − left] += w[c, o, p, q] · x[n, c, i, j],   then + bias[o]
 *
 * `autocast` rounds x, w and dy to bfloat16.
 *
 * @param x       [N, C, H, W]
 * @param weight  [C, O / groups, KH, KW]: that of the convolution from O to C channels
 * @param bias    [O]
 * @returns       [N, O, OH, OW], OH = (H − 1) · stride − top − bottom + dilation · (KH − 1) + 1 + outputPadding
 * @throws ShapeError "convTranspose2d: weight [4, 2, 3, 3] in 1 group takes 4 channels; x [1, 3, 5, 5] has 3"
 * @throws ValueError "convTranspose2d: outputPadding must be smaller than the stride or the dilation; got [2, 2] for stride [2, 2] and dilation [1, 1]"
 * @source Dumoulin, Visin 2016, arXiv:1603.07285, section 4
 */
export const convTranspose2d: ConvTranspose<2> = transposed('convTranspose2d', 2);

/**
 * Transposed convolution of volumes; see `convTranspose2d`.
 *
 * @param x       [N, C, D, H, W]
 * @param weight  [C, O / groups, KD, KH, KW]
 * @param bias    [O]
 * @returns       [N, O, OD, OH, OW]
 */
export const convTranspose3d: ConvTranspose<3> = transposed('convTranspose3d', 3);

function transposed<R extends Rank>(op: string, rank: R): ConvTranspose<R> {
  return named(op, (x: Tensor, weight: Tensor, bias?: Tensor, options: ConvTransposeOptions<R> = {}): Tensor => {
    const { groups = 1 } = options;
    checkOperands(op, rank, [x, weight, bias], groups, true);
    const [, perGroup, ...taps] = weight.shape;
    const axes = tracks(op, rank, x.shape, taps, options);
    return inFloat([x, weight, bias], (x: Tensor, weight: Tensor, bias?: Tensor) => {
      const y = forward(axes, groups, x, weight);
      return bias === undefined ? y : add(y, reshape(bias, [perGroup * groups, ...new Array(rank).fill(1)]));
    });
  }) as ConvTranspose<R>;
}

/** Of the convolution that this one transposes: sizes are those of the result, counts those of x. */
function tracks<R extends Rank>(
  op: string,
  rank: R,
  x: readonly number[],
  taps: readonly number[],
  { stride = 1, padding = 0, outputPadding = 0, dilation = 1 }: ConvTransposeOptions<R>,
): Track[] {
  const steps = checkSizes(op, 'stride', stride, rank, 1);
  const dilations = checkSizes(op, 'dilation', dilation, rank, 1);
  const more = checkSizes(op, 'outputPadding', outputPadding, rank, 0);
  if (more.some((n, i) => n >= Math.max(steps[i], dilations[i]))) {
    throw new ValueError(
      `${op}: outputPadding must be smaller than the stride or the dilation; got ${show(more)} for stride ${show(steps)} and dilation ${show(dilations)}`,
    );
  }
  const covered = taps.map((taps, i) => reach({ taps, dilation: dilations[i] }));
  const sides = cut(op, rank, padding, covered, steps);
  const sizes = x.slice(2).map((count, i) => (count - 1) * steps[i] - sides[i][0] - sides[i][1] + covered[i] + more[i]);
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError(
      `${op}: padding must leave something of the result; got the sizes ${show(sizes)} for x ${show(x)}`,
    );
  }
  return taps.map((taps, i) => ({
    size: sizes[i],
    taps,
    stride: steps[i],
    dilation: dilations[i],
    before: sides[i][0],
    after: sides[i][1],
    count: x[2 + i],
  }));
}

function cut<R extends Rank>(
  op: string,
  rank: R,
  padding: NonNullable<ConvTransposeOptions<R>['padding']>,
  covered: readonly number[],
  stride: readonly number[],
): readonly Sides[] {
  if (padding === 'valid') return covered.map(() => [0, 0]);
  // Where the kernel is smaller than the stride, negative: zeros are added behind.
  if (padding === 'same') {
    return covered.map((r, i) => {
      const before = Math.max(0, Math.floor((r - stride[i]) / 2));
      return [before, r - stride[i] - before];
    });
  }
  if (typeof padding === 'string') {
    throw new ValueError(`${op}: padding must be in numbers, 'valid' or 'same'; got '${padding}'`);
  }
  return checkPadding(op, rank, padding);
}

/** Without the bias, along one, two or three axes; sequences are images of one row. */
function forward(axes: readonly Track[], groups: number, x: Tensor, weight: Tensor): Tensor {
  const [n, c] = x.shape;
  const [, perGroup] = weight.shape;
  const o = perGroup * groups;
  if (axes.length === 1) {
    const rows = geometry([n, o, c, groups], [track(1), ...axes]);
    return squeeze(inputProduct(rows, unsqueeze(x, 2), unsqueeze(weight, 2)), 2);
  }
  return inputProduct(geometry([n, o, c, groups], axes), x, weight);
}
