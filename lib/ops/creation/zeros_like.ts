import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { fill, full } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';

/** Zeros of x's shape and dtype. */
export function zerosLike<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('zerosLike', x);
  return fill(x.shape, 0, x.dtype);
}

/** Ones of x's shape and dtype. */
export function onesLike<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('onesLike', x);
  return fill(x.shape, 1, x.dtype);
}

/** A tensor of x's shape and dtype with every element equal to `value`. */
export function fullLike<S extends Shape, D extends DType>(x: Tensor<S, D>, value: number): Tensor<S, D> {
  checkTensor('fullLike', x);
  return full(x.shape, value, { dtype: x.dtype });
}
