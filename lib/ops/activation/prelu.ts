import { kernel, run } from '../../backend/index.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Gradient } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { lt } from '../elementwise/lt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';

kernel('prelu', { flops: 1 });
kernel('preluGradient', { flops: 1 });
kernel('preluWeightGradient', { flops: 1 });

/** x from 0 on, slope · x below, of a slope that broadcasts to x. */
export const sloped = fused(
  'prelu',
  (x: Tensor, slope: Tensor) => where(lt(x, 0), mul(x, slope), x),
  (x, slope) => {
    const y = emptyLike(x);
    run('prelu', [y, x, slope]);
    const gradient = (name: string, dy: Tensor, ...read: Tensor[]): Tensor => {
      const result = emptyLike(x);
      run(name, [result, dy, ...read]);
      return result;
    };
    const backward = (dy: Tensor): Gradient[] => [
      () => gradient('preluGradient', dy, x, slope),
      () => gradient('preluWeightGradient', dy, x),
    ];
    return { result: y, saved: [x, slope], backward };
  },
);

/**
 * x from 0 on, weight · x below, elementwise with a learned slope for each channel or for all.
 *
 * @param x       [N, C, ...]; a vector or a number has one channel
 * @param weight  [C] or [1]
 * @returns       of x's shape; integers give float32
 * @throws ShapeError "prelu: weight must be [1] or [3], by the channels of x [2, 3, 4]; got [2]"
 * @source He, Zhang, Ren, Sun 2015, arXiv:1502.01852, equation 1
 */
export function prelu<S extends Shape, D extends DType, E extends DType>(
  x: Tensor<S, D>,
  weight: Tensor<any, E>,
): Tensor<S, Floating<Promoted<D, E>>> {
  checkTensor('prelu', x);
  const [slope] = alongChannels('prelu', 'weight', weight, x);
  return inFloat([x, slope], sloped);
}
