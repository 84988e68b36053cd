import { type UnarySame, unarySame } from './elementwise.js';

/**
 * −1, 0 or 1, elementwise; NaN stays NaN. Derivative 0.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @throws DTypeError "sign: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const sign: UnarySame = unarySame('sign', {
  of: Math.sign,
  saves: 'nothing',
  backward: null,
});
