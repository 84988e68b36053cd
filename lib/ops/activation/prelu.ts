import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { lt } from '../elementwise/lt.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';

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
  return inFloat([x, slope], (x: Tensor, slope: Tensor) => where(lt(x, 0), mul(x, slope), x));
}
