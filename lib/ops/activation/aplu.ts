import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';
import { relu } from './relu.js';

/**
 * Adaptive piecewise linear unit, elementwise: relu(x) + Σⱼ aⱼ · max(0, bⱼ − x), with n learned hinges for each channel or
 * for all.
 *
 * @param x  [N, C, ...]; a vector or a number has one channel
 * @param a  [C, n] or [1, n]: heights
 * @param b  as a: where the hinges are
 * @returns  of x's shape; integers give float32
 * @throws ShapeError "aplu: b must be [1, 2] or [3, 2], by the channels of x [2, 3, 4]; got [3, 1]"
 * @source Agostinelli, Hoffman, Sadowski, Baldi 2014, arXiv:1412.6830, equation 1
 */
export function aplu<S extends Shape, D extends DType, E extends DType>(
  x: Tensor<S, D>,
  a: Tensor<any, E>,
  b: Tensor<any, E>,
): Tensor<S, Floating<Promoted<D, E>>> {
  for (const each of [x, a, b]) checkTensor('aplu', each);
  const hinges: number = a.rank === 2 ? a.shape[1] : 1;
  const heights = alongChannels('aplu', 'a', a, x, hinges);
  const places = alongChannels('aplu', 'b', b, x, hinges);
  return inFloat([x, ...heights, ...places], (x, ...parameters) =>
    heights
      .map((_, j) => mul(parameters[j] as Tensor, relu(sub(parameters[hinges + j] as Tensor, x as Tensor))))
      .reduce((sum, hinge): Tensor => add(sum, hinge), relu(x as Tensor)),
  );
}
