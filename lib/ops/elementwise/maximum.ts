import { where } from '../indexing/where.js';
import { type Binary, binary } from './elementwise.js';
import { eq } from './eq.js';
import { gt } from './gt.js';
import { lt } from './lt.js';
import { mul } from './mul.js';

/**
 * The larger of a and b, elementwise with broadcasting; NaN if either is. Where they are equal each gets half of the gradient.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; a number takes the tensor's
 * @throws ShapeError "maximum: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const maximum: Binary = binary('maximum', {
  reads: ['ab', 'ab'],
  backward: (dy, a, b) => [
    () => where(eq(a, b), mul(dy, 0.5), where(gt(a, b), dy, 0)),
    () => where(eq(a, b), mul(dy, 0.5), where(lt(a, b), dy, 0)),
  ],
});
