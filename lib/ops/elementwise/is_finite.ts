import { isComplex, isFloat } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { fill } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { imag, real } from '../complex/real.js';
import { abs } from './abs.js';
import { logicalAnd } from './logical.js';
import { lt } from './lt.js';

/**
 * Whether an element is neither infinite nor NaN, elementwise.
 *
 * @param x  [...]
 * @returns  bool, of x's shape
 */
export function isFinite<S extends Shape>(x: Tensor<S>): Tensor<S, 'bool'> {
  checkTensor('isFinite', x);
  if (isComplex(x.dtype)) {
    const [re, im] = [real(x.detach()), imag(x.detach())].map((part) => isFinite(part as Tensor));
    return logicalAnd(re, im) as Tensor<S, 'bool'>;
  }
  return isFloat(x.dtype) ? lt(abs(x.detach()), Infinity) : fill(x.shape, 1, 'bool');
}
