import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { eye } from '../creation/eye.js';
import { neg } from '../elementwise/neg.js';
import { gather } from '../indexing/gather.js';
import { expand } from '../shape/expand.js';
import { transpose } from '../shape/permute.js';
import { squeeze } from '../shape/squeeze.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { argsort } from '../sorting/sort.js';
import { type Elimination, eliminate } from './lu.js';
import { matmul } from './matmul.js';
import { broadcastBatches, checkMatrices, checkPivots, checkSquare, precisely } from './matrices.js';
import { checkRows, triangularSolution } from './solve_triangular.js';

/**
 * The solution x of a x = b, by elimination with partial pivoting.
 *
 *   db = a⁻ᵀ dx,  da = −db xᵀ
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @param b  [..., n, k], leading axes broadcast; or vectors: [n], or [..., n] with a's leading axes
 * @returns  of b's shape
 * @throws ValueError "solve: a matrix must not be singular; got 0 for pivot 2 of matrix [1] of [3, 2, 2]; use lstsq";
 *         ShapeError "solve: a [2, 2] needs as many rows in b; got [3, 1]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 3.4; derivatives: Giles 2008, "An extended
 *         collection of matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.3.1
 */
export function solve<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
): Tensor<any, Floating<Promoted<D, E>>> {
  checkSquare('solve', a);
  checkTensor('solve', b);
  // As PyTorch tells vectors from matrices.
  const vector = b.rank === 1 || (b.rank === a.rank - 1 && b.shape.every((d: number, i: number) => d === a.shape[i]));
  const columns: Tensor = vector ? (unsqueeze(b, -1) as Tensor) : b;
  checkMatrices('solve', columns);
  checkRows('solve', a, columns);
  return precisely([a, columns], (a, b) => {
    const elimination = eliminate(a);
    checkSingular('solve', elimination, a, 'use lstsq');
    const x = solution(a, elimination, b, false);
    return vector ? (squeeze(x, -1) as Tensor) : x;
  });
}

/**
 * The inverse of square matrices: a x = 1. `solve` is faster and more exact than a product with it.
 *
 *   da = −xᵀ dx xᵀ
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @returns  [..., n, n]
 * @throws ValueError "inv: a matrix must not be singular; got 0 for pivot 2 of [2, 2]; use pinv";
 *         ShapeError "inv: square matrices are needed; got shape [2, 3]"
 */
export function inv<D extends DType>(a: Tensor<any, D>): Tensor<any, Floating<D>> {
  checkSquare('inv', a);
  return precisely([a], (a) => {
    const elimination = eliminate(a);
    checkSingular('inv', elimination, a, 'use pinv');
    return inverse(a, elimination, false);
  });
}

const checkSingular = (op: string, { status }: Elimination, a: Tensor, fix: string): void =>
  checkPivots(op, status, a, 'a matrix must not be singular', '0', fix);

/** a⁻¹, or a⁻ᵀ, of a matrix that was eliminated; not finite where a pivot is 0. */
export const inverse = (a: Tensor, elimination: Elimination, turned: boolean): Tensor =>
  solution(a, elimination, eye(a.shape[a.rank - 1], { dtype: a.dtype }) as Tensor, turned);

/** a⁻¹ b, or a⁻ᵀ b, as a function of a and b: what elimination left of a is no part of the tape. */
function solution(a: Tensor, elimination: Elimination, b: Tensor, turned: boolean): Tensor {
  const [factors, right] = broadcastBatches('solve', elimination.factors, b);
  const order = elimination.order;
  const rows = (x: Tensor, places: Tensor): Tensor =>
    gather(x, -2, expand(unsqueeze(places, -1) as Tensor, x.shape) as Tensor);
  const from = right.detach() as Tensor;
  let x: Tensor;
  if (turned) {
    // aᵀ = Uᵀ Lᵀ P
    const columns = transpose(factors) as Tensor;
    const y = triangularSolution(columns, from, false, false);
    x = rows(triangularSolution(columns, y, true, true), argsort(order));
  } else {
    x = triangularSolution(factors, triangularSolution(factors, rows(from, order), false, true), true, false);
  }
  return record('solve', x, [a, b], [a, x], (dx, [a, x]) => {
    const db = solution(a, elimination, dx, !turned);
    const da = (): Tensor => neg(turned ? matmul(x, transpose(db)) : matmul(db, transpose(x))) as Tensor;
    return [da, db];
  });
}
