import { kernel } from '../../backend/index.js';
import { conj } from '../complex/conj.js';
import { type Binary, binary } from './elementwise.js';

kernel('complexMul', { flops: 3 });

/**
 * a · b, elementwise with broadcasting.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; a number takes the tensor's
 * @throws ShapeError "mul: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const mul: Binary = binary('mul', {
  reads: ['b', 'a'],
  backward: (dy, a, b) => [() => mul(dy, conj(b)), () => mul(dy, conj(a))],
  complex: 'complexMul',
});
