import { type DType, type Floating, isComplex, type PartDType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { atan2 } from '../elementwise/atan2.js';
import { imag, real } from './real.js';

/**
 * The angle of a complex number in radians, −π … π, elementwise; of a real one 0, or π where it is negative. The derivative
 * at 0 is NaN.
 *
 * @param x  [...]
 * @returns  [...] of its parts' dtype; integers give float32
 */
export function angle<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, Floating<PartDType<D>>> {
  checkTensor('angle', x);
  return (isComplex(x.dtype) ? atan2(imag(x), real(x) as Tensor) : atan2(0, x)) as Tensor;
}
