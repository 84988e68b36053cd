import { given } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { ge } from '../elementwise/ge.js';
import { le } from '../elementwise/le.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';

/** The four parameters of `srelu`, [C] or [1] each. */
export interface SreluParameters {
  /** Where the right piece begins. */
  tr: Tensor;
  /** The slope of the right piece. */
  ar: Tensor;
  /** Where the left piece ends. */
  tl: Tensor;
  /** The slope of the left piece. */
  al: Tensor;
}

/**
 * S-shaped ReLU, elementwise, three straight pieces: tr + ar · (x − tr) from tr on, tl + al · (x − tl) up to tl, x between;
 * with learned parameters for each channel or for all.
 *
 * @param x  [N, C, ...]; a vector or a number has one channel
 * @returns  of x's shape; integers give float32
 * @throws ShapeError "srelu: tr must be [1] or [3], by the channels of x [2, 3, 4]; got [2]"
 * @source Jin, Xu, Feng, Wei, Xiong, Yan 2015, arXiv:1512.07030, equation 2
 */
export function srelu<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  learned: SreluParameters,
): Tensor<S, Floating<Promoted<D, 'float32'>>> {
  const { tr, ar, tl, al } = given(learned);
  checkTensor('srelu', x);
  const parameters = Object.entries({ tr, ar, tl, al }).map(([name, each]) => alongChannels('srelu', name, each, x)[0]);
  return inFloat([x, ...parameters], (x, ...parameters) => {
    const [tr, ar, tl, al] = parameters as Tensor[];
    const piece = (t: Tensor, a: Tensor): Tensor => add(t, mul(a, sub(x as Tensor, t)));
    return where(ge(x as Tensor, tr), piece(tr, ar), where(le(x as Tensor, tl), piece(tl, al), x as Tensor));
  });
}
