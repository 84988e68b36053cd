import { kernel } from '../../backend/index.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { transpose } from '../shape/permute.js';
import { tril } from '../shape/tril.js';
import { matmul } from './matmul.js';
import {
  broadcastBatches,
  checkMatrices,
  checkPivots,
  checkSquare,
  elimination,
  precisely,
  runBatched,
} from './matrices.js';
import { checkRows, triangularSolution } from './solve_triangular.js';

kernel('cholesky', { writes: 2, flops: ([factor]) => elimination(factor) / 2 });

/**
 * Cholesky's decomposition of symmetric positive definite matrices: a = L Lᵀ with a lower triangular L. What is decomposed is
 * the symmetric part ½ (a + aᵀ), so that the result is a function of all elements; PyTorch reads the lower triangle instead.
 *
 *   da = sym(L⁻ᵀ Φ(Lᵀ dL) L⁻¹),  Φ: the lower triangle with half of the diagonal
 *
 * @param a  [..., n, n]; integers give float32; an element that is not finite gives NaN
 * @returns  [..., n, n]
 * @throws ValueError "cholesky: a matrix must be positive definite; got a number ≤ 0 for pivot 2 of matrix [1] of [3, 2, 2];
 *         add a multiple of the unit matrix, or use eigh";
 *         ShapeError "cholesky: square matrices are needed; got shape [2, 3]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 4.2; derivatives: Murray 2016,
 *         "Differentiation of the Cholesky decomposition", arXiv:1602.07527, section 3
 */
export function cholesky<D extends DType>(a: Tensor<any, D>): Tensor<any, Floating<D>> {
  checkSquare('cholesky', a);
  return precisely([a], (a) => {
    const symmetric = mul(add(a, transpose(a)), 0.5) as Tensor;
    const l: Tensor = empty(a.shape, a.dtype);
    const status: Tensor = empty(a.shape.slice(0, -2), 'int32');
    runBatched('cholesky', a.shape.slice(0, -2), [l, status, symmetric]);
    checkPivots(
      'cholesky',
      status,
      a,
      'a matrix must be positive definite',
      'a number ≤ 0',
      'add a multiple of the unit matrix, or use eigh',
    );
    return record('cholesky', l, [symmetric], [l], (dl, [l]) => {
      const product = matmul(transpose(l), tril(dl)) as Tensor;
      const half = mul(add(tril(product), tril(product, -1)), 0.5) as Tensor;
      const turned = transpose(l) as Tensor;
      const left = triangularSolution(turned, half, true, false);
      const da = triangularSolution(turned, transpose(left) as Tensor, true, false);
      return [mul(add(da, transpose(da)), 0.5) as Tensor];
    });
  });
}

/**
 * The solution x of a x = b by Cholesky's decomposition of a.
 *
 * @param b      [..., n, k]
 * @param l      [..., n, n]: L with a = L Lᵀ; leading axes broadcast
 * @param upper  l is U with a = Uᵀ U; default false
 * @returns      [..., n, k]
 * @throws ShapeError "choleskySolve: a [2, 2] needs as many rows in b; got [3, 1]"
 */
export function choleskySolve<D extends DType, E extends DType>(
  b: Tensor<any, D>,
  l: Tensor<any, E>,
  { upper = false }: { upper?: boolean } = {},
): Tensor<any, Floating<Promoted<D, E>>> {
  checkSquare('choleskySolve', l);
  checkMatrices('choleskySolve', b);
  checkRows('choleskySolve', l, b);
  return precisely([b, l], (b, l) => {
    const [given, right] = broadcastBatches('choleskySolve', l, b);
    const lower = (upper ? transpose(given) : given) as Tensor;
    return triangularSolution(transpose(lower) as Tensor, triangularSolution(lower, right, false, false), true, false);
  });
}
