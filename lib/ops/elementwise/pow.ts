import { where } from '../indexing/where.js';
import { type Binary, binary } from './elementwise.js';
import { eq } from './eq.js';
import { log } from './log.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/**
 * aᵇ, elementwise with broadcasting. Integers: computed exactly, overflow wraps, a negative power of one is cut towards 0.
 * ∂/∂a = b · aᵇ⁻¹, ∂/∂b = aᵇ · log a (0 where a = 0).
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; a number takes the tensor's
 * @throws ShapeError "pow: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const pow: Binary = binary('pow', {
  reads: ['ab', 'ay'],
  backward: (dy, a, b, y) => [
    () => where(eq(b, 0), 0, mul(dy, mul(b, pow(a, sub(b, 1))))),
    () => where(eq(a, 0), 0, mul(dy, mul(y, log(where(eq(a, 0), 1, a))))),
  ],
});
