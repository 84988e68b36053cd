import { checkNonNegative } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { gt } from '../elementwise/gt.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { sum } from '../reduction/sum.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { matmul } from './matmul.js';
import { checkMatrices, precisely } from './matrices.js';
import { decompose, singularValues } from './svd.js';

export interface RankOptions {
  /** Singular values up to this share of the largest count as 0; default max(m, n) · the dtype's ε. */
  rtol?: number;
}

const epsilon = { float32: 2 ** -23, float64: 2 ** -52 };

/** Which singular values count. */
function counted(op: string, s: Tensor, a: Tensor, rtol: number | undefined): Tensor<any, 'bool'> {
  const share = rtol ?? Math.max(...(a.shape.slice(-2) as number[])) * epsilon[s.dtype as 'float32'];
  checkNonNegative(op, 'rtol', share);
  if (s.shape[s.rank - 1] === 0) return gt(s, 0) as Tensor;
  return gt(s, mul(slice(s, '...', [0, 1]), share)) as Tensor;
}

/**
 * How many singular values are not 0 to rounding. Not differentiable.
 *
 * @param a     [..., m, n]
 * @param rtol  values up to this share of the largest count as 0; default max(m, n) · ε, 2⁻²³ or 2⁻⁵²
 * @returns     [...] int32
 * @throws ShapeError "matrixRank: matrices are needed, at least two axes; got shape [3]";
 *         ValueError "matrixRank: rtol must be a finite number ≥ 0; got -1"
 */
export function matrixRank(a: Tensor, { rtol }: RankOptions = {}): Tensor<any, 'int32'> {
  checkMatrices('matrixRank', a);
  return precisely([a], (a) => sum(counted('matrixRank', singularValues(a.detach()), a, rtol), -1) as Tensor);
}

/**
 * The pseudoinverse of Moore and Penrose: V diag(1 / s) Uᵀ over the singular values that are not 0 to rounding. Its derivative
 * holds where the rank does not change.
 *
 *   da = −yᵀ dy yᵀ + (1 − a y) dyᵀ y yᵀ + yᵀ y dyᵀ (1 − y a)
 *
 * @param a     [..., m, n]; integers give float32; an element that is not finite gives NaN
 * @param rtol  values up to this share of the largest count as 0; default max(m, n) · ε, 2⁻²³ or 2⁻⁵²
 * @returns     [..., n, m]
 * @throws ShapeError "pinv: matrices are needed, at least two axes; got shape [3]";
 *         ValueError "pinv: rtol must be a finite number ≥ 0; got -1"
 * @source Golub, Pereyra 1973, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
 *         separate", theorem 4.3
 */
export function pinv<D extends DType>(a: Tensor<any, D>, { rtol }: RankOptions = {}): Tensor<any, Floating<D>> {
  checkMatrices('pinv', a);
  return precisely([a], (a) => pseudoinverse('pinv', a, rtol).y);
}

/** The same of an operand of a floating-point dtype, with its singular values and their number. */
export function pseudoinverse(
  op: string,
  a: Tensor,
  rtol: number | undefined,
): { y: Tensor; s: Tensor; rank: Tensor<any, 'int32'> } {
  const { u, s, vh } = decompose(a.detach());
  const counts = counted(op, s, a, rtol);
  // 0 · NaN stays NaN.
  const inverse = where(counts, div(1, where(counts, s, 1) as Tensor), mul(s, 0) as Tensor) as Tensor;
  const y = matmul(mul(transpose(vh), unsqueeze(inverse, -2)), transpose(u)) as Tensor;
  record('pinv', y, [a], [a, y], (dy, [a, y]) => {
    const [turned, dyTurned] = [transpose(y) as Tensor, transpose(dy) as Tensor];
    const middle = matmul(matmul(turned, dy), turned) as Tensor;
    // (1 − a y) dyᵀ y yᵀ and yᵀ y dyᵀ (1 − y a)
    const left = matmul(dyTurned, matmul(y, turned)) as Tensor;
    const right = matmul(matmul(turned, y), dyTurned) as Tensor;
    const fromLeft = sub(left, matmul(a, matmul(y, left))) as Tensor;
    const fromRight = sub(right, matmul(matmul(right, y), a)) as Tensor;
    return [sub(add(fromLeft, fromRight), middle) as Tensor];
  });
  return { y, s, rank: sum(to(counts, 'int32'), -1) as Tensor };
}
