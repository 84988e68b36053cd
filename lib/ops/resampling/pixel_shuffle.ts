import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkImages } from '../convolution/window.js';
import { permute } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';

/**
 * Channels become pixels: y[n, c, h · r + i, w · r + j] = x[n, c · r² + i · r + j, h, w].
 *
 * @param x       [N, C · r², H, W]
 * @param factor  r ≥ 1
 * @returns       [N, C, H · r, W · r]
 * @throws ShapeError "pixelShuffle: x must have a multiple of 4 channels; got [1, 6, 2, 2]"
 * @source Shi et al. 2016, arXiv:1609.05158, section 2.2
 */
export function pixelShuffle<N extends number, D extends DType>(
  x: Tensor<[N, number, number, number], D>,
  factor: number,
): Tensor<[N, number, number, number], D> {
  checkImages('pixelShuffle', x, 2);
  checkWhole('pixelShuffle', 'factor', factor, 1);
  const [n, c, h, w] = x.shape;
  const channels = c / factor ** 2;
  if (!Number.isInteger(channels)) {
    throw new ShapeError(`pixelShuffle: x must have a multiple of ${factor ** 2} channels; got ${show(x.shape)}`);
  }
  const parts: Tensor = reshape(x, [n, channels, factor, factor, h, w]);
  return reshape(permute(parts, [0, 1, 4, 2, 5, 3]), [n, channels, h * factor, w * factor]) as Tensor;
}

/**
 * Pixels become channels; undoes `pixelShuffle`.
 *
 * @param x       [N, C, H · r, W · r]
 * @param factor  r ≥ 1
 * @returns       [N, C · r², H, W]
 * @throws ShapeError "pixelUnshuffle: height and width must be multiples of 2; got [1, 6, 3, 2]"
 */
export function pixelUnshuffle<N extends number, D extends DType>(
  x: Tensor<[N, number, number, number], D>,
  factor: number,
): Tensor<[N, number, number, number], D> {
  checkImages('pixelUnshuffle', x, 2);
  checkWhole('pixelUnshuffle', 'factor', factor, 1);
  const [n, c, height, width] = x.shape;
  const [h, w] = [height / factor, width / factor];
  if (!Number.isInteger(h) || !Number.isInteger(w)) {
    throw new ShapeError(`pixelUnshuffle: height and width must be multiples of ${factor}; got ${show(x.shape)}`);
  }
  const parts: Tensor = reshape(x, [n, c, h, factor, w, factor]);
  return reshape(permute(parts, [0, 1, 3, 5, 2, 4]), [n, c * factor ** 2, h, w]) as Tensor;
}
