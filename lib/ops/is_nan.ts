import type { Shape } from '../core/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { ne } from './ne.js';

/** Whether an element is NaN, elementwise; bool. */
export const isNaN = <S extends Shape>(x: Tensor<S>): Tensor<S, 'bool'> => ne(x, x as Tensor);
