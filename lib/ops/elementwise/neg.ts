import { type UnarySame, unarySame } from './elementwise.js';
import { mul } from './mul.js';

/**
 * −x, elementwise.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @throws DTypeError "neg: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const neg: UnarySame = unarySame('neg', {
  of: (x) => -x,
  saves: 'nothing',
  backward: (dy) => neg(dy),
  complex: (x) => mul(x, -1),
});
