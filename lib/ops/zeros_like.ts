import type { DType } from '../core/dtype.js';
import type { Shape } from '../core/types.js';
import { fill } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';

/** Zeros of x's shape and dtype. */
export const zerosLike = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> => fill(x.shape, 0, x.dtype);

/** Ones of x's shape and dtype. */
export const onesLike = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> => fill(x.shape, 1, x.dtype);
