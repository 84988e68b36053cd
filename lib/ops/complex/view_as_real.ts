import type { Complexified, DType, PartDType } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, fromParts, parts, type Tensor } from '../../tensor/tensor.js';

/**
 * Complex numbers as pairs of their parts; a view. Gradients of complex tensors are ∂L/∂re + i · ∂L/∂im, PyTorch's, so that
 * this and `viewAsComplex` are each other's.
 *
 * @param x  [...] complex64 or complex128
 * @returns  [..., 2] float32 or float64: real and imaginary part
 * @throws DTypeError "viewAsReal: the operand must be complex; got float32"
 */
export function viewAsReal<D extends DType>(x: Tensor<any, D>): Tensor<any, PartDType<D>> {
  checkComplex('viewAsReal', x);
  return record('viewAsReal', parts(x), [x], [], (dy) => [viewAsComplex(dy)]);
}

/**
 * Pairs of real and imaginary part as complex numbers; a view where pairs lie side by side, else a copy.
 *
 * @param x  [..., 2] float32 or float64
 * @returns  [...] complex64 or complex128
 * @throws ShapeError "viewAsComplex: the last axis must have 2 elements, real and imaginary part; got shape [3]"
 */
export function viewAsComplex<D extends DType>(x: Tensor<any, D>): Tensor<any, Complexified<D>> {
  checkTensor('viewAsComplex', x);
  if (x.dtype !== 'float32' && x.dtype !== 'float64') {
    throw new DTypeError(
      `viewAsComplex: parts must be float32 or float64; got ${x.dtype as DType}; convert with to('float32')`,
    );
  }
  if (x.rank === 0 || x.shape[x.rank - 1] !== 2) {
    throw new ShapeError(
      `viewAsComplex: the last axis must have 2 elements, real and imaginary part; got shape ${show(x.shape)}`,
    );
  }
  const paired =
    x.strides[x.rank - 1] === 1 && x.offset % 2 === 0 && x.strides.slice(0, -1).every((stride) => stride % 2 === 0);
  if (!paired) return viewAsComplex(x.clone()) as Tensor;
  return record('viewAsComplex', fromParts(x), [x], [], (dy) => [viewAsReal(dy)]) as Tensor;
}

/** Refuses what has no imaginary part. */
export function checkComplex(op: string, x: Tensor): void {
  checkTensor(op, x);
  if (x.dtype !== 'complex64' && x.dtype !== 'complex128') {
    throw new DTypeError(`${op}: the operand must be complex; got ${x.dtype as DType}`);
  }
}
