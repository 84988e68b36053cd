import { kernel } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { empty, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { arange } from '../creation/arange.js';
import { eye } from '../creation/eye.js';
import { add } from '../elementwise/add.js';
import { eq } from '../elementwise/eq.js';
import { sub } from '../elementwise/sub.js';
import { concat } from '../shape/concat.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { tril, triu } from '../shape/tril.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { matmul } from './matmul.js';
import { checkMatrices, elimination, precisely, runBatched } from './matrices.js';
import { triangularSolution } from './solve_triangular.js';

/** What elimination leaves of matrices: a[order] = L U. None of it has a history. */
export interface Elimination {
  /** [..., m, n]: U, and below its diagonal L, whose diagonal has ones. */
  factors: Tensor;
  /** [..., m] int32: the rows of a in the order of the pivots. */
  order: Tensor<any, 'int32'>;
  /** [...]: 1 or −1, the sign of that order. */
  sign: Tensor;
  /** [...] int32: the first pivot that is 0, from 1; 0 where none is. */
  status: Tensor<any, 'int32'>;
}

kernel('lu', { writes: 4, flops: ([factors]) => elimination(factors) });

/** Gaussian elimination with partial pivoting, by the kernel. */
export function eliminate(a: Tensor): Elimination {
  const batch: number[] = a.shape.slice(0, -2);
  const factors: Tensor = empty(a.shape, a.dtype);
  const order: Tensor = empty(a.shape.slice(0, -1), 'int32');
  const [sign, status]: Tensor[] = [empty(batch, a.dtype), empty(batch, 'int32')];
  runBatched('lu', batch, [factors, order, sign, status, a]);
  return { factors, order, sign, status };
}

export interface LU<D extends DType> {
  /** [..., m, m]: a permutation. */
  p: Tensor<any, D>;
  /** [..., m, k]: lower triangular, with ones on its diagonal. */
  l: Tensor<any, D>;
  /** [..., k, n]: upper triangular. */
  u: Tensor<any, D>;
}

/**
 * LU decomposition with partial pivoting: a = P L U. A singular matrix has one too, without a finite derivative.
 *
 *   square:  da = P L⁻ᵀ (tril₋₁(Lᵀ dL) + triu(dU Uᵀ)) U⁻ᵀ
 *
 * and with rows or columns to spare, by which L or U is longer, the same of their square part and what follows for the rest.
 *
 * @param a  [..., m, n]; integers give float32; an element that is not finite gives NaN
 * @returns  p [..., m, m], l [..., m, k], u [..., k, n], k = min(m, n)
 * @throws ShapeError "lu: matrices are needed, at least two axes; got shape [3]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 3.4; derivatives: de Hoog, Anderssen, Lukas 2011,
 *         "Differentiation of matrix functionals using triangular factorization"
 */
export function lu<D extends DType>(a: Tensor<any, D>): LU<Floating<D>> {
  checkMatrices('lu', a);
  return precisely([a], (a) => {
    const { factors, order } = eliminate(a);
    const [m, n]: number[] = a.shape.slice(-2);
    const k = Math.min(m, n);
    const p = permutation(order, a.dtype);
    const l: Tensor = add(tril(slice(factors, '...', [0, k]), -1), eye(m, k, { dtype: a.dtype }) as Tensor);
    const u: Tensor = triu(slice(factors, '...', [0, k], null));
    record('lu', l, [a], [p, l, u], (dl, [p, l, u]) => [backward(p, l, u, dl, null)]);
    record('lu', u, [a], [p, l, u], (du, [p, l, u]) => [backward(p, l, u, null, du)]);
    return { p, l, u };
  }) as LU<any>;
}

/** P with P[order[i], i] = 1: rows of a in another order, put back. */
export function permutation(order: Tensor<any, 'int32'>, dtype: DType): Tensor {
  const m: number = order.shape[order.rank - 1];
  const rows = arange(m, { dtype: 'int32' }).reshape([m, 1]) as Tensor;
  return to(eq(unsqueeze(order, -2) as Tensor, rows), dtype) as Tensor;
}

/** da of what comes in for L, or for U. */
function backward(p: Tensor, l: Tensor, u: Tensor, dl: Tensor | null, du: Tensor | null): Tensor {
  const [m, k, n]: number[] = [l.shape[l.rank - 2], u.shape[u.rank - 2], u.shape[u.rank - 1]];
  const [l1, u1] = [slice(l, '...', [0, k], null), slice(u, '...', [0, k])];
  // x U₁⁻ᵀ and L₁⁻ᵀ x
  const byU = (x: Tensor): Tensor => transpose(triangularSolution(u1, transpose(x), true, false)) as Tensor;
  const byL = (x: Tensor): Tensor => triangularSolution(transpose(l1) as Tensor, x, true, true);
  let inner: Tensor;
  let rest: Tensor | null = null;
  if (dl !== null) {
    const square = matmul(transpose(l1), slice(dl, '...', [0, k], null)) as Tensor;
    if (m > k) {
      const [l2, dl2] = [slice(l, '...', [k, null], null), slice(dl, '...', [k, null], null)];
      rest = byU(dl2);
      inner = sub(tril(square, -1), triu(matmul(transpose(l2), dl2) as Tensor)) as Tensor;
    } else inner = tril(square, -1);
  } else {
    const dUpper = du as Tensor;
    const square = matmul(slice(dUpper, '...', [0, k]), transpose(u1)) as Tensor;
    inner = triu(square);
    if (n > k) {
      const [u2, du2] = [slice(u, '...', [k, null]), slice(dUpper, '...', [k, null])];
      rest = byL(du2);
      inner = sub(inner, tril(matmul(du2, transpose(u2)) as Tensor, -1)) as Tensor;
    }
  }
  const first = byL(byU(inner));
  const zeros = (rows: number, columns: number): Tensor =>
    fill([...first.shape.slice(0, -2), rows, columns], 0, first.dtype);
  let whole = first;
  if (m > k) whole = concat([first, rest ?? zeros(m - k, k)], -2) as Tensor;
  if (n > k) whole = concat([first, rest ?? zeros(k, n - k)], -1) as Tensor;
  return matmul(p, whole) as Tensor;
}
