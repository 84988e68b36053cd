import { type UnarySame, unarySame } from './elementwise.js';
import { mul } from './mul.js';
import { sign } from './sign.js';

/**
 * |x|, elementwise; derivative 0 at 0.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @throws DTypeError "abs: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const abs: UnarySame = unarySame('abs', {
  of: Math.abs,
  saves: 'input',
  backward: (dy, x) => mul(dy, sign(x)),
});
