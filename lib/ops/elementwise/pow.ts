import { isFloat } from '../../core/dtype.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { where } from '../indexing/where.js';
import { type Binary, binary, fusedUnary, named } from './elementwise.js';
import { eq } from './eq.js';
import { log } from './log.js';
import { mul } from './mul.js';
import { reciprocal } from './reciprocal.js';
import { sqrt } from './sqrt.js';
import { square } from './square.js';
import { sub } from './sub.js';

const powers: Binary = binary('pow', {
  reads: ['ab', 'ay'],
  backward: (dy, a, b, y) => [
    () => where(eq(b, 0), 0, mul(dy, mul(b, pow(a, sub(b, 1))))),
    () => where(eq(a, 0), 0, mul(dy, mul(y, log(where(eq(a, 0), 1, a))))),
  ],
});

/** Exponents whose power costs a multiplication or two, a root or a division. */
const simple = new Map<number, (a: Tensor) => Tensor>([
  [-1, reciprocal],
  [0.5, sqrt],
  [2, square],
  [3, fusedUnary('cube', { flops: 2, gradient: 4 }, (a) => mul(square(a), a))],
]);

/**
 * aᵇ, elementwise with broadcasting. Integers: computed exactly, overflow wraps, a negative power of one is cut towards 0.
 * ∂/∂a = b · aᵇ⁻¹, ∂/∂b = aᵇ · log a (0 where a = 0). A number ½ as b gives √a, which is NaN of −∞ and −0 of −0.
 *
 * @param a  [...] or a number
 * @param b  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; a number takes the tensor's
 * @throws ShapeError "pow: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const pow: Binary = named('pow', (a: Tensor | number, b: Tensor | number) => {
  if (typeof a === 'number' || typeof b !== 'number') return powers(a as Tensor, b as Tensor);
  checkTensor('pow', a);
  const short = isFloat(a.dtype) ? simple.get(b) : undefined;
  return short === undefined ? powers(a, b) : short(a);
}) as Binary;
