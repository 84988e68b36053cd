import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkShape, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { tracks, type WindowOptions } from './conv.js';
import { checkSizes, type PerAxis, type Rank, type Track } from './window.js';
import { folded, unfolded } from './windows.js';

export type UnfoldOptions = WindowOptions<Rank>;

/**
 * The windows of images as columns (im2col), for images, sequences or volumes: a convolution is then a matrix product.
 *
 *   y[n, (c · KH + p) · KW + q, i · OW + j] = x[n, c, i·stride + p·dilation − top, j·stride + q·dilation − left]
 *
 * @param x           [N, C, H, W], [N, C, L] or [N, C, D, H, W]
 * @param kernelSize  one number or one an axis; ≥ 1
 * @param options     stride, padding and dilation, as for `conv2d`
 * @returns           [N, C · KH · KW, OH · OW]
 * @throws ShapeError "unfold: x must have the axes [batch, channels] and one to three of space; got [3, 4]"
 */
export function unfold<D extends DType>(
  x: Tensor<any, D>,
  kernelSize: PerAxis<Rank>,
  options: UnfoldOptions = {},
): Tensor<[number, number, number], D> {
  checkTensor('unfold', x);
  const rank = x.rank - 2;
  if (!isRank(rank)) {
    throw new ShapeError(
      `unfold: x must have the axes [batch, channels] and one to three of space; got ${show(x.shape)}`,
    );
  }
  const axes = tracks('unfold', rank, x.shape, checkSizes('unfold', 'kernelSize', kernelSize, rank, 1), options);
  return unfolded(x, axes) as Tensor;
}

/**
 * The transpose of `unfold`: columns go back to where they came from, and are added where they overlap (col2im).
 *
 * @param x           [N, C · KH · KW, OH · OW]
 * @param outputSize  [H, W], [L] or [D, H, W]
 * @param kernelSize  one number or one an axis; ≥ 1
 * @param options     stride, padding and dilation, as for `conv2d`
 * @returns           [N, C, H, W]
 * @throws ShapeError "fold: x must be [batch, channels · 4, 9] for windows [2, 2] at [3, 3] places; got [1, 8, 4]"
 */
export function fold<N extends number, D extends DType>(
  x: Tensor<[N, number, number], D>,
  outputSize: readonly number[],
  kernelSize: PerAxis<Rank>,
  options: UnfoldOptions = {},
): Tensor<any, D> {
  checkTensor('fold', x);
  checkShape('fold', outputSize);
  const rank = outputSize.length;
  if (!isRank(rank)) throw new ShapeError(`fold: outputSize must have one to three sizes; got ${show(outputSize)}`);
  const sizes = checkSizes('fold', 'outputSize', outputSize as PerAxis<Rank>, rank, 1);
  const taps = checkSizes('fold', 'kernelSize', kernelSize, rank, 1);
  const [n, depth] = x.shape;
  const axes = tracks('fold', rank, [n, depth, ...sizes], taps, options);
  const { elements, positions } = sizesOf(axes);
  const counts = axes.map(({ count }) => count);
  if (x.rank !== 3 || depth % elements !== 0 || x.shape[2] !== positions) {
    throw new ShapeError(
      `fold: x must be [batch, channels · ${elements}, ${positions}] for windows ${show(taps)} at ${show(counts)} places; got ${show(x.shape)}`,
    );
  }
  return folded(x, axes);
}

const isRank = (rank: number): rank is Rank => rank >= 1 && rank <= 3;

const sizesOf = (axes: readonly Track[]): { elements: number; positions: number } => ({
  elements: axes.reduce((product, { taps }) => product * taps, 1),
  positions: axes.reduce((product, { count }) => product * count, 1),
});
