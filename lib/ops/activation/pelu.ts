import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';
import { div } from '../elementwise/div.js';
import { expm1 } from '../elementwise/expm1.js';
import { ge } from '../elementwise/ge.js';
import { mul } from '../elementwise/mul.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';

/**
 * Parametric exponential linear unit, elementwise: a / b · x from 0 on, a · (e^(x / b) − 1) below, with learned a and b for
 * each channel or for all; both must stay > 0 for it to rise.
 *
 * @param x  [N, C, ...]; a vector or a number has one channel
 * @param a  [C] or [1]
 * @param b  [C] or [1]
 * @returns  of x's shape; integers give float32
 * @throws ShapeError "pelu: b must be [1] or [3], by the channels of x [2, 3, 4]; got [2]"
 * @source Trottier, Giguère, Chaib-draa 2016, arXiv:1605.09332, equation 4
 */
export function pelu<S extends Shape, D extends DType, E extends DType>(
  x: Tensor<S, D>,
  a: Tensor<any, E>,
  b: Tensor<any, E>,
): Tensor<S, Floating<Promoted<D, E>>> {
  checkTensor('pelu', x);
  const [height] = alongChannels('pelu', 'a', a, x);
  const [width] = alongChannels('pelu', 'b', b, x);
  return inFloat([x, height, width], (x: Tensor, a: Tensor, b: Tensor) =>
    where(ge(x, 0), mul(div(a, b), x), mul(a, expm1(div(clamp(x, { max: 0 }), b)))),
  );
}
