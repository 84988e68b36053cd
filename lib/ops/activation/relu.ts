import { type UnarySame, unarySame } from '../elementwise/elementwise.js';
import { gt } from '../elementwise/gt.js';
import { where } from '../indexing/where.js';

/**
 * max(x, 0), elementwise; derivative 0 at 0.
 *
 * @param x  [...], any dtype but bool
 * @returns  [...] of x's dtype
 * @throws DTypeError "relu: a bool tensor has no arithmetic; convert with to('int32')"
 */
export const relu: UnarySame = unarySame('relu', {
  saves: 'result',
  backward: (dy, y) => where(gt(y, 0), dy, 0),
  gradientKernel: { slope: null, flops: 1 },
});
