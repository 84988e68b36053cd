import type { Tensor } from '../../tensor/tensor.js';
import { type UnarySame, unarySame } from './elementwise.js';
import { mul } from './mul.js';

/**
 * x², elementwise.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @throws DTypeError "square: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const square: UnarySame = unarySame('square', {
  saves: 'input',
  backward: (dy, x) => mul(dy, mul(x, 2)),
  complex: (x) => mul(x, x as Tensor) as Tensor,
});
