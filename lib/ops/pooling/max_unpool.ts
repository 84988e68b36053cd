import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkImages, checkSizes, type Images, type PerAxis, type Rank } from '../convolution/window.js';
import { named } from '../elementwise/elementwise.js';
import { checkIndices } from '../indexing/indexing.js';
import { inFloat } from '../precision.js';
import { reshape } from '../shape/reshape.js';
import { spread } from './max_pool.js';
import { checkPool, type PoolOptions } from './pool.js';

export interface MaxUnpoolOptions<R extends Rank> extends Omit<PoolOptions<R>, 'ceilMode'> {
  /** Sizes of the result; default (size − 1) · stride − 2 · padding + kernel along each axis. */
  outputSize?: PerAxis<R>;
}
export type MaxUnpool1dOptions = MaxUnpoolOptions<1>;
export type MaxUnpool2dOptions = MaxUnpoolOptions<2>;
export type MaxUnpool3dOptions = MaxUnpoolOptions<3>;

/** Undoes max pooling of one rank. */
export type MaxUnpool<R extends Rank> = <N extends number, C extends number, D extends DType>(
  x: Tensor<Images<N, C, R>, D>,
  indices: Tensor<Images<N, C, R>, 'int32'>,
  options: MaxUnpoolOptions<R>,
) => Tensor<Images<N, C, R>, Floating<D>>;

/** Puts the maxima of a sequence back; see `maxUnpool2d`. [N, C, OL] → [N, C, L]. */
export const maxUnpool1d: MaxUnpool<1> = unpooling('maxUnpool1d', 1);

/**
 * Puts maxima back where `maxPool2d` found them, with zeros elsewhere. Elements that overlapping windows share a place with
 * are added (PyTorch keeps any of them), which makes it linear: the transpose of choosing these places.
 *
 *     const [y, indices] = maxPool2d(x, { kernelSize: 2, returnIndices: true });
 *     maxUnpool2d(y, indices, { kernelSize: 2 })
 *
 * @param x        [N, C, OH, OW]
 * @param indices  [N, C, OH, OW], h · W + w within the result's planes
 * @returns        [N, C, H, W]
 * @throws ShapeError "maxUnpool2d: indices must have x's shape [1, 1, 2, 2]; got [1, 1, 2, 3]"
 * @throws ValueError "maxUnpool2d: index 9 at [0, 0, 1, 1] must be within 0 … 8, a place in the result's [3, 3]"
 */
export const maxUnpool2d: MaxUnpool<2> = unpooling('maxUnpool2d', 2);

/** Puts the maxima of a volume back; see `maxUnpool2d`. [N, C, OD, OH, OW] → [N, C, D, H, W]. */
export const maxUnpool3d: MaxUnpool<3> = unpooling('maxUnpool3d', 3);

function unpooling<R extends Rank>(op: string, rank: R): MaxUnpool<R> {
  return named(op, (x: Tensor, indices: Tensor, options: MaxUnpoolOptions<R>): Tensor => {
    checkImages(op, x, rank);
    const windows = checkPool(op, rank, options);
    if (!sameShape(indices.shape, x.shape)) {
      throw new ShapeError(`${op}: indices must have x's shape ${show(x.shape)}; got ${show(indices.shape)}`);
    }
    const [n, c, ...pooled]: readonly number[] = x.shape;
    const sizes: readonly number[] =
      options.outputSize === undefined
        ? windows.map(({ taps, stride, before }, a) => Math.max(0, (pooled[a] - 1) * stride - 2 * before + taps))
        : checkSizes(op, 'outputSize', options.outputSize, rank, 0);
    const places = sizes.reduce((product, size) => product * size, 1);
    checkIndices(op, indices, places, () => `a place in the result's ${show(sizes)}`);
    // Kernels of images see each plane or volume as one long row.
    const row = [n, c, 1, pooled.reduce((product, size) => product * size, 1)];
    return inFloat([x], (x) => {
      const y = spread(reshape(x, row), reshape(indices, row), [n, c, 1, places]);
      return reshape(y, [n, c, ...sizes]);
    });
  });
}
