import { kernel, run } from '../../backend/index.js';
import { checkFinite } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { emptyLike, scalar } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { inFloat } from '../precision.js';

kernel('step', { flops: 1 });

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
    const y = emptyLike(x);
    run('step', [y, x, scalar('step', atZero, x.dtype)]);
    return y;
  });
}
