import { isFloat } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { fill } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { abs } from './abs.js';
import { lt } from './lt.js';

/**
 * Whether an element is neither infinite nor NaN, elementwise.
 *
 * @param x  [...]
 * @returns  bool, of x's shape
 */
export function isFinite<S extends Shape>(x: Tensor<S>): Tensor<S, 'bool'> {
  checkTensor('isFinite', x);
  return isFloat(x.dtype) ? lt(abs(x.detach()), Infinity) : fill(x.shape, 1, 'bool');
}
