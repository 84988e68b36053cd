import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { named } from '../elementwise/elementwise.js';
import { matmul } from '../linalg/matmul.js';
import { inFloat } from '../precision.js';
import { permute } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { tracks, type WindowOptions } from './conv.js';
import { unfold } from './unfold.js';
import { axisNames, checkImages, type Images, type Rank } from './window.js';

/** A layer with a kernel of its own at every place, of one rank. */
export type LocallyConnected<R extends Rank> = <N extends number, D extends DType, E extends DType = D>(
  x: Tensor<Images<N, number, R>, D>,
  weight: Tensor<any, E>,
  bias?: Tensor,
  options?: WindowOptions<R>,
) => Tensor<Images<N, number, R>, Floating<Promoted<D, E>>>;

/** A sequence under a kernel of its own at every place; see `locallyConnected2d`. x [N, C, L], weight [OL, O, C, K] → [N, O, OL]. */
export const locallyConnected1d: LocallyConnected<1> = locallyConnected('locallyConnected1d', 1);

/**
 * Convolution whose weights are not shared: a kernel of its own at every place.
 *
 *   y[n, o, i, j] = bias[o, i, j] + Σ w[i, j, o, c, p, q] · x[n, c, i·stride + p·dilation − top, j·stride + q·dilation − left]
 *
 * @param x       [N, C, H, W]
 * @param weight  [OH, OW, O, C, KH, KW]: at each place the weight of a `conv2d`
 * @param bias    [O, OH, OW]
 * @param options stride, padding and dilation, as for `conv2d`
 * @returns       [N, O, OH, OW]
 * @throws ShapeError "locallyConnected2d: weight must be [2, 2, out channels, 3, 2, 2] for x [1, 3, 3, 3]; got [3, 3, 4, 3, 2, 2]"
 */
export const locallyConnected2d: LocallyConnected<2> = locallyConnected('locallyConnected2d', 2);

function locallyConnected<R extends Rank>(op: string, rank: R): LocallyConnected<R> {
  return named(op, (x: Tensor, weight: Tensor, bias?: Tensor, options: WindowOptions<R> = {}): Tensor => {
    checkImages(op, x, rank);
    if (weight.rank !== 2 * rank + 2) {
      throw new ShapeError(
        `${op}: weight must have the axes [${axisNames(rank)}, out channels, in channels, ${axisNames(rank)}]; got ${show(weight.shape)}`,
      );
    }
    const [n, c] = x.shape;
    const o = weight.shape[rank];
    const taps = weight.shape.slice(rank + 2);
    const counts = tracks(op, rank, x.shape, taps, options).map(({ count }) => count);
    const wanted = [...counts, o, c, ...taps];
    if (wanted.some((size, i) => size !== weight.shape[i])) {
      const places = [...counts, 'out channels', c, ...taps].join(', ');
      throw new ShapeError(`${op}: weight must be [${places}] for x ${show(x.shape)}; got ${show(weight.shape)}`);
    }
    if (bias !== undefined && show(bias.shape) !== show([o, ...counts])) {
      throw new ShapeError(`${op}: bias must be ${show([o, ...counts])}; got ${show(bias.shape)}`);
    }
    const places = counts.reduce((product, count) => product * count, 1);
    return inFloat([x, weight, bias], (x: Tensor, weight: Tensor, bias?: Tensor) => {
      // One matrix product a place: [places, O, elements] · [places, elements, N].
      const columns: Tensor = permute(unfold(x, taps as never, options as never), [2, 1, 0]);
      const y = matmul(reshape(weight, [places, o, columns.shape[1]]), columns);
      const images = reshape(permute(y, [2, 1, 0]), [n, o, ...counts]);
      return bias === undefined ? images : add(images, bias);
    });
  }) as LocallyConnected<R>;
}
