import { kernel } from '../../backend/index.js';
import { checkObject } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { neg } from '../elementwise/neg.js';
import { transpose } from '../shape/permute.js';
import { tril, triu } from '../shape/tril.js';
import { matmul } from './matmul.js';
import { broadcastBatches, checkMatrices, checkSquare, precisely, runBatched } from './matrices.js';

export interface SolveTriangularOptions {
  /** Which triangle of a counts; the other is taken for 0. */
  upper: boolean;
  /** Its diagonal is taken for ones; default false. */
  unitriangular?: boolean;
}

/**
 * The solution x of a x = b for a triangular matrix. A 0 on the diagonal gives what division by it does.
 *
 *   db = a⁻ᵀ dx,  da = −db xᵀ in the triangle
 *
 * @param a              [..., n, n]
 * @param b              [..., n, k]; leading axes broadcast
 * @param upper          which triangle of a counts
 * @param unitriangular  the diagonal is taken for ones; default false
 * @returns              [..., n, k]
 * @throws ShapeError "solveTriangular: a [2, 2] needs as many rows in b; got [3, 1]"
 * @source Giles 2008, "An extended collection of matrix derivative results for forward and reverse mode algorithmic
 *         differentiation", section 2.3.1
 */
export function solveTriangular<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
  options: SolveTriangularOptions,
): Tensor<any, Floating<Promoted<D, E>>> {
  checkSquare('solveTriangular', a);
  checkMatrices('solveTriangular', b);
  checkRows('solveTriangular', a, b);
  checkObject('solveTriangular', 'options', options, ['upper']);
  const { upper, unitriangular = false } = options;
  return precisely([a, b], (a, b) => {
    const [p, q] = broadcastBatches('solveTriangular', a, b);
    return triangularSolution(p, q, upper, unitriangular);
  });
}

/** Refuses a right-hand side that does not have as many rows as the matrix. */
export function checkRows(op: string, a: Tensor, b: Tensor): void {
  checkTensor(op, b);
  if (a.shape[a.rank - 2] !== b.shape[b.rank - 2]) {
    throw new ShapeError(`${op}: a ${show(a.shape)} needs as many rows in b; got ${show(b.shape)}`);
  }
}

kernel('solveTriangular', { flops: ([x, a]) => sizeOf(x.shape) * a.shape[2] });

/** The same of operands whose leading axes and dtypes are equal. */
export function triangularSolution(a: Tensor, b: Tensor, upper: boolean, unit: boolean): Tensor {
  const x: Tensor = empty(b.shape, b.dtype);
  runBatched('solveTriangular', b.shape.slice(0, -2), [x, a, b], [Number(upper), Number(unit)]);
  const part = (da: Tensor): Tensor => (upper ? triu(da, Number(unit)) : tril(da, -Number(unit)));
  return record('solveTriangular', x, [a, b], [a, x], (dx, [a, x]) => {
    const db = triangularSolution(transpose(a) as Tensor, dx, !upper, unit);
    return [() => part(neg(matmul(db, transpose(x)) as Tensor)), db];
  });
}
