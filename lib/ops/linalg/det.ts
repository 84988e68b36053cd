import type { DType, Floating } from '../../core/dtype.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { eq } from '../elementwise/eq.js';
import { log } from '../elementwise/log.js';
import { mul } from '../elementwise/mul.js';
import { sign } from '../elementwise/sign.js';
import { where } from '../indexing/where.js';
import { max } from '../reduction/max.js';
import { prod } from '../reduction/prod.js';
import { sum } from '../reduction/sum.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { diagonal, diagonalMatrix } from './diagonal.js';
import { type Elimination, eliminate } from './lu.js';
import { checkSquare, precisely } from './matrices.js';
import { inverse } from './solve.js';

/** What a pivot that is 0 is taken for in a derivative, of the largest one. */
const rounding = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * Determinants of square matrices: the product of the pivots. Of a singular matrix the derivative is that of one as near as
 * rounding can tell, as in PyTorch.
 *
 *   da = dy · det(a) · a⁻ᵀ
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @returns  [...]; 1 for n = 0
 * @throws ShapeError "det: square matrices are needed; got shape [2, 3]"
 * @source Giles 2008, "An extended collection of matrix derivative results for forward and reverse mode algorithmic
 *         differentiation", section 2.2.4
 */
export function det<D extends DType>(a: Tensor<any, D>): Tensor<any, Floating<D>> {
  checkSquare('det', a);
  return precisely([a], (a) => {
    const elimination = eliminate(a);
    const y = mul(elimination.sign, prod(diagonal(elimination.factors), -1)) as Tensor;
    return record('det', y, [a], [a, y], (dy, [a, y]) => {
      const regular = withoutZeros(elimination);
      // det(a) itself, but for what replaces a 0.
      const near = mul(regular.sign, prod(diagonal(regular.factors), -1)) as Tensor;
      const value = where(eq(elimination.status, 0), y, near) as Tensor;
      return [() => mul(unsqueeze(unsqueeze(mul(dy, value), -1), -1), inverse(a, regular, true)) as Tensor];
    });
  });
}

/** The same elimination with another pivot in the place of each that is 0. */
function withoutZeros(elimination: Elimination): Elimination {
  const pivots = diagonal(elimination.factors);
  const n: number = pivots.shape[pivots.rank - 1];
  if (n === 0) return elimination;
  const least = mul(max(abs(pivots), -1, { keepDims: true }), rounding[pivots.dtype as 'float32']);
  const replaced = where(eq(least, 0), rounding[pivots.dtype as 'float32'], least) as Tensor;
  const added = where(eq(pivots, 0), replaced, 0) as Tensor;
  return { ...elimination, factors: add(elimination.factors, diagonalMatrix(added)) as Tensor };
}

export interface SignedLogDeterminant<D extends DType> {
  /** [...]: 1, −1, or 0 of a singular matrix. */
  sign: Tensor<any, D>;
  /** [...]: −∞ of a singular matrix. */
  logAbsDet: Tensor<any, D>;
}

/**
 * The sign of determinants, and the logarithm of their size, which neither overflows nor vanishes. The derivative at a
 * singular matrix is not finite.
 *
 *   da = d(log |det a|) · a⁻ᵀ
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @returns  sign [...], without a gradient, and logAbsDet [...]
 * @throws ShapeError "slogdet: square matrices are needed; got shape [2, 3]"
 */
export function slogdet<D extends DType>(a: Tensor<any, D>): SignedLogDeterminant<Floating<D>> {
  checkSquare('slogdet', a);
  return precisely([a], (a) => {
    const elimination = eliminate(a);
    const pivots = diagonal(elimination.factors);
    const logAbsDet = sum(log(abs(pivots)), -1) as Tensor;
    record('slogdet', logAbsDet, [a], [a], (dy, [a]) => [
      () => mul(unsqueeze(unsqueeze(dy, -1), -1), inverse(a, elimination, true)) as Tensor,
    ]);
    return { sign: mul(elimination.sign, prod(sign(pivots), -1)) as Tensor, logAbsDet };
  }) as SignedLogDeterminant<any>;
}
