import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { fill, full } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Zeros of x's shape and dtype. */
export const zerosLike = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> => fill(x.shape, 0, x.dtype);

/** Ones of x's shape and dtype. */
export const onesLike = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> => fill(x.shape, 1, x.dtype);

/** A tensor of x's shape and dtype with every element equal to `value`. */
export const fullLike = <S extends Shape, D extends DType>(x: Tensor<S, D>, value: number): Tensor<S, D> =>
  full(x.shape, value, { dtype: x.dtype });
