import { type DType, isComplex, type PartDType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { slice } from '../shape/slice.js';
import { checkComplex, viewAsReal } from './view_as_real.js';

/**
 * The real parts; a view. A real tensor is its own.
 *
 * @param x  [...]
 * @returns  [...] float32 of complex64, float64 of complex128
 */
export function real<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, PartDType<D>> {
  checkTensor('real', x);
  return (isComplex(x.dtype) ? slice(viewAsReal(x), '...', 0) : x) as Tensor<S, PartDType<D>>;
}

/**
 * The imaginary parts; a view.
 *
 * @param x  [...] complex64 or complex128
 * @returns  [...] float32 or float64
 * @throws DTypeError "imag: the operand must be complex; got float32"
 */
export function imag<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, PartDType<D>> {
  checkComplex('imag', x);
  return slice(viewAsReal(x), '...', 1) as Tensor<S, PartDType<D>>;
}
