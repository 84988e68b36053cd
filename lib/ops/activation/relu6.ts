import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';

/**
 * min(max(x, 0), 6), elementwise; derivative 1 at both bounds, as `clamp`.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @source Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10", section 2
 */
export function relu6<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  checkTensor('relu6', x);
  return clamp(x, { min: 0, max: 6 });
}
