import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { eq } from '../elementwise/eq.js';
import { maximum } from '../elementwise/maximum.js';
import { sign } from '../elementwise/sign.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';

/**
 * Heaviside's step, elementwise: 0 below 0, 1 above; NaN of NaN. Its derivative is 0 wherever there is one.
 *
 * @param x       [...]
 * @param atZero  the value at 0; default 1
 * @returns       [...]; integers give float32
 * @throws ValueError "step: atZero must be a finite number; got NaN"
 */
export function step<S extends Shape, D extends DType>(x: Tensor<S, D>, atZero = 1): Tensor<S, Floating<D>> {
  checkTensor('step', x);
  checkFinite('step', 'atZero', atZero);
  return inFloat([x], (x: Tensor) => {
    const sides = maximum(sign(x), 0);
    return where(eq(x, 0), atZero, sides).detach();
  });
}
