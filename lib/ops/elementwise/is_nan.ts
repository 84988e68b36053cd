import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { ne } from './ne.js';

/**
 * Whether an element is NaN, elementwise.
 *
 * @param x  [...]
 * @returns  bool, of x's shape
 */
export function isNaN<S extends Shape>(x: Tensor<S>): Tensor<S, 'bool'> {
  checkTensor('isNaN', x);
  return ne(x, x as Tensor);
}
