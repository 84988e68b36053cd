import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkShape, show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { eye } from '../creation/eye.js';
import { permute } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { type ConvOptions, conv1d, conv2d, conv3d } from './conv.js';
import type { Rank } from './window.js';

/** The convolutions by number of spatial axes. */
const convolutions = [conv1d, conv2d, conv3d] as unknown as readonly ((
  x: Tensor,
  weight: Tensor,
  bias: undefined,
  options: ConvOptions<Rank>,
) => Tensor)[];

/**
 * The matrix of a convolution, whose transpose is the matrix of the transposed one:
 *
 *   T · x = conv(x, weight),   x [C · H · W] and the result [O · OH · OW] in row-major order
 *
 * Column j is the convolution of the image that has 1 as its element j. It is for looking at and for proofs: it has
 * O · OH · OW · C · H · W elements, nearly all of them 0, where the convolution reads its weight alone.
 *
 * @param weight   [O, C / groups, KH, KW], or with one or three axes of space
 * @param size     of x: [C, H, W], [C, L] or [C, D, H, W]
 * @param options  as for `conv2d`
 * @returns        [O · OH · OW, C · H · W]
 * @throws ShapeError "toeplitz: size must be [channels, …] with the 2 axes of space of weight [1, 1, 3, 3]; got [4, 4]"
 */
export function toeplitz<D extends DType>(
  weight: Tensor<any, D>,
  size: readonly number[],
  options: ConvOptions<Rank> = {},
): Tensor<[number, number], Floating<D>> {
  checkTensor('toeplitz', weight);
  checkShape('toeplitz', size);
  const rank = weight.rank - 2;
  const convolve = convolutions[rank - 1];
  if (convolve === undefined || size.length !== rank + 1) {
    throw new ShapeError(
      `toeplitz: size must be [channels, …] with the ${rank} axes of space of weight ${show(weight.shape)}; got ${show(size)}`,
    );
  }
  const elements = size.reduce((product, n) => product * n, 1);
  const units = reshape(eye(elements, { dtype: weight.dtype }), [elements, ...size]);
  const y = convolve(units, weight, undefined, options);
  return permute(reshape(y, [elements, y.size / Math.max(1, elements)]), [1, 0]) as Tensor<
    [number, number],
    Floating<D>
  >;
}
