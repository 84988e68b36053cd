import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { clamp } from '../elementwise/clamp.js';

/**
 * x within min … max, elementwise, else the bound that is nearer; derivative 1 at both bounds, as `clamp`.
 *
 * @param x    [...], any dtype but bool
 * @param min  default −1
 * @param max  > min; default 1
 * @returns    [...] of x's dtype
 * @throws ValueError "hardtanh: min must be less than max; got 1 and 1"
 */
export function hardtanh<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { min = -1, max = 1 }: { min?: number; max?: number } = {},
): Tensor<S, D> {
  checkTensor('hardtanh', x);
  if (!(min < max)) throw new ValueError(`hardtanh: min must be less than max; got ${min} and ${max}`);
  return clamp(x, { min, max });
}
