import type { DType, Floating } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { neg } from '../elementwise/neg.js';
import { inFloat } from '../precision.js';
import { softmax } from './softmax.js';

/**
 * `softmax` of −x: the smallest has the largest share.
 *
 * @param x     [...]
 * @param axis  default −1, the last
 * @returns     of x's shape; integers give float32
 */
export function softmin<S extends Shape, D extends DType>(x: Tensor<S, D>, axis = -1): Tensor<S, Floating<D>> {
  checkTensor('softmin', x);
  return inFloat([x], (x: Tensor) => softmax(neg(x), axis));
}
