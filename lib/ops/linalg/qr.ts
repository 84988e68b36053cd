import { kernel } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { StateError, ValueError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty, fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { concat } from '../shape/concat.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import { tril } from '../shape/tril.js';
import { matmul } from './matmul.js';
import { checkMatrices, cubed, precisely, runBatched } from './matrices.js';
import { triangularSolution } from './solve_triangular.js';

export interface QROptions {
  /** As many columns of q as are needed, or all m of them; default 'reduced'. */
  mode?: 'reduced' | 'complete';
}

export interface QR<D extends DType> {
  /** [..., m, k]: orthonormal columns. */
  q: Tensor<any, D>;
  /** [..., k, n]: upper triangular. */
  r: Tensor<any, D>;
}

// Golub, Van Loan 2013, section 5.2.2, and as much for Q.
kernel('qr', {
  writes: 2,
  flops: ([q, r, a]) => cubed(2, a) + 2 * sizeOf(q.shape) * Math.min(a.shape[1], r.shape[2]),
});

/**
 * QR decomposition a = Q R with orthonormal columns in Q and an upper triangular R, whose diagonal is ≥ 0; PyTorch leaves its
 * signs to the library. By Householder's reflectors.
 *
 *   m ≥ n:  da = (dQ + Q sym↓(M)) R⁻ᵀ,  M = R dRᵀ − dQᵀ Q,  sym↓(M) = tril(M) + tril₋₁(M)ᵀ
 *
 * of a wide matrix so for the first m columns, while the others, Q · (their part of R), pass theirs on. The derivative is
 * finite where the first min(m, n) columns are independent; of 'complete' with m > n there is none.
 *
 * @param a     [..., m, n]; integers give float32; an element that is not finite gives NaN
 * @param mode  'reduced': k = min(m, n) (default), or 'complete': k = m
 * @returns     q [..., m, k], r [..., k, n]
 * @throws ValueError "qr: mode must be 'reduced' or 'complete'; got 'r'";
 *         StateError "qr: mode 'complete' of more rows than columns has no derivative; got [3, 2]; use mode 'reduced'"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 5.2; derivatives: Walter, Lehmann 2018,
 *         "Algorithmic differentiation of linear algebra functions with application in optimum experimental design",
 *         arXiv:1001.1654; wide matrices: Roberts, Roberts 2020, "QR and LQ decomposition matrix backpropagation algorithms
 *         for square, wide, and deep matrices", arXiv:2009.10071
 */
export function qr<D extends DType>(a: Tensor<any, D>, { mode = 'reduced' }: QROptions = {}): QR<Floating<D>> {
  checkMatrices('qr', a);
  if (mode !== 'reduced' && mode !== 'complete') {
    throw new ValueError(`qr: mode must be 'reduced' or 'complete'; got '${mode}'`);
  }
  return precisely([a], (a) => {
    const [m, n]: number[] = a.shape.slice(-2);
    const batch: number[] = a.shape.slice(0, -2);
    const k = mode === 'complete' ? m : Math.min(m, n);
    const [q, r]: Tensor[] = [empty([...batch, m, k], a.dtype), empty([...batch, k, n], a.dtype)];
    runBatched('qr', batch, [q, r, a]);
    const shape = show(a.shape);
    const checkDerivative = (): void => {
      if (k <= n) return;
      throw new StateError(
        `qr: mode 'complete' of more rows than columns has no derivative; got ${shape}; use mode 'reduced'`,
      );
    };
    record('qr', q, [a], [q, r, a], (dq, [q, r, a]) => {
      checkDerivative();
      return [backward(q, r, a, dq, null)];
    });
    record('qr', r, [a], [q, r, a], (dr, [q, r, a]) => {
      checkDerivative();
      return [backward(q, r, a, null, dr)];
    });
    return { q, r };
  }) as QR<any>;
}

/** da of what comes in for Q, or for R. */
function backward(q: Tensor, r: Tensor, a: Tensor, dq: Tensor | null, dr: Tensor | null): Tensor {
  const [k, n]: number[] = r.shape.slice(-2);
  const left = slice(r, '...', [0, k]);
  let along = dq;
  let m: Tensor | null = dr === null ? null : (matmul(left, transpose(slice(dr, '...', [0, k]))) as Tensor);
  if (dr !== null && n > k) {
    // The columns behind are Qᵀ of a's: Q has a part in them.
    along = matmul(slice(a, '...', [k, null]), transpose(slice(dr, '...', [k, null]))) as Tensor;
  }
  if (along !== null) {
    const product = matmul(transpose(along), q) as Tensor;
    m = (m === null ? neg(product) : sub(m, product)) as Tensor;
  }
  const lower = m as Tensor;
  const symmetric = add(tril(lower), transpose(tril(lower, -1))) as Tensor;
  const turned = matmul(q, symmetric) as Tensor;
  const right = (along === null ? turned : add(along, turned)) as Tensor;
  // right R⁻ᵀ
  const first = transpose(triangularSolution(left, transpose(right) as Tensor, true, false)) as Tensor;
  if (n === k) return first;
  const none = [...first.shape.slice(0, -1), n - k];
  const rest: Tensor = dr === null ? fill(none, 0, first.dtype) : matmul(q, slice(dr, '...', [k, null]));
  return concat([first, rest], -1) as Tensor;
}
