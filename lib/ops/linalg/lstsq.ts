import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { sum } from '../reduction/sum.js';
import { matmul } from './matmul.js';
import { broadcastBatches, checkMatrices, precisely } from './matrices.js';
import { pseudoinverse, type RankOptions } from './pinv.js';
import { checkRows } from './solve_triangular.js';

export interface LeastSquares<D extends DType> {
  /** [..., n, k] */
  solution: Tensor<any, D>;
  /** [..., k]: ‖b − a x‖² of each column. */
  residuals: Tensor<any, D>;
  /** [...] int32: how many singular values are not 0 to rounding. */
  rank: Tensor<any, 'int32'>;
  /** [..., min(m, n)], without a gradient. */
  singularValues: Tensor<any, D>;
}

/**
 * The x for which ‖b − a x‖ is least, and of several that one that is the shortest: pinv(a) b, by singular values. Its
 * derivative holds where the rank does not change. PyTorch leaves residuals out where the rank is not n or m ≤ n; here they
 * are always there.
 *
 * @param a     [..., m, n]; integers give float32; an element that is not finite gives NaN
 * @param b     [..., m, k]; leading axes broadcast
 * @param rtol  singular values up to this share of the largest count as 0; default max(m, n) · ε, 2⁻²³ or 2⁻⁵²
 * @returns     solution [..., n, k], residuals [..., k], rank [...] int32, singularValues [..., min(m, n)]
 * @throws ShapeError "lstsq: a [3, 2] needs as many rows in b; got [2, 1]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 5.5
 */
export function lstsq<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
  { rtol }: RankOptions = {},
): LeastSquares<Floating<Promoted<D, E>>> {
  checkMatrices('lstsq', a);
  checkMatrices('lstsq', b);
  checkRows('lstsq', a, b);
  return precisely([a, b], (a, b) => {
    const [left, right] = broadcastBatches('lstsq', a, b);
    const { y, s, rank } = pseudoinverse('lstsq', left, rtol);
    const solution = matmul(y, right) as Tensor;
    return { solution, residuals: sum(square(sub(right, matmul(left, solution))), -2), rank, singularValues: s };
  }) as LeastSquares<any>;
}
