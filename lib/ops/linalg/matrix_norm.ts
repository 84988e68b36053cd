import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { ne } from '../elementwise/ne.js';
import { pow } from '../elementwise/pow.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { max } from '../reduction/max.js';
import { min } from '../reduction/min.js';
import { norm } from '../reduction/norm.js';
import type { Axes, ReduceOptions } from '../reduction/reduction.js';
import { sum } from '../reduction/sum.js';
import { slice } from '../shape/slice.js';
import { to } from '../shape/to.js';
import { eliminate } from './lu.js';
import { checkMatrices, checkSquare, precisely } from './matrices.js';
import { inverse } from './solve.js';
import { singularValues } from './svd.js';

/** 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; see `matrixNorm`. */
export type MatrixNormOrder = 'fro' | 'nuc' | number;

const orders: readonly MatrixNormOrder[] = ['fro', 'nuc', 1, -1, 2, -2, Infinity, -Infinity];

/**
 * Norms of matrices: 'fro' √Σ aᵢⱼ², 'nuc' the sum of the singular values, 2 the largest and −2 the least of them, 1 and −1 the
 * largest and the least Σᵢ |aᵢⱼ| of a column, Infinity and −Infinity Σⱼ |aᵢⱼ| of a row.
 *
 * @param a         [..., m, n]; integers give float32
 * @param ord       default 'fro'
 * @param keepDims  leave both axes with size 1; default false
 * @returns         [...]
 * @throws ValueError "matrixNorm: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; got 3";
 *         ShapeError "matrixNorm: there is none of zero elements; got shape [0, 2], ord 2; use 'fro' or 'nuc'"
 */
export function matrixNorm<D extends DType>(
  a: Tensor<any, D>,
  ord: MatrixNormOrder = 'fro',
  { keepDims = false }: ReduceOptions = {},
): Tensor<any, Floating<D>> {
  checkMatrices('matrixNorm', a);
  checkOrder('matrixNorm', ord);
  return precisely([a], (a) => normOf('matrixNorm', a, ord, keepDims));
}

function checkOrder(op: string, ord: MatrixNormOrder): void {
  if (!orders.includes(ord)) {
    throw new ValueError(`${op}: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; got ${ord}`);
  }
}

function normOf(op: string, a: Tensor, ord: MatrixNormOrder, keepDims: boolean): Tensor {
  if (ord === 'fro') return norm(a, [-2, -1], { keepDims }) as Tensor;
  const last = (s: Tensor): Tensor => s.reshape([...a.shape.slice(0, -2), ...(keepDims ? [1, 1] : [])]);
  if (ord === 'nuc') return last(sum(singularValues(a), -1));
  if (a.shape[a.rank - 2] === 0 || a.shape[a.rank - 1] === 0) {
    throw new ShapeError(
      `${op}: there is none of zero elements; got shape ${show(a.shape)}, ord ${ord}; use 'fro' or 'nuc'`,
    );
  }
  if (ord === 2) return last(slice(singularValues(a), '...', [0, 1]));
  if (ord === -2) return last(slice(singularValues(a), '...', [-1, null]));
  const sums = sum(abs(a), Math.abs(ord as number) === 1 ? -2 : -1) as Tensor;
  return last((ord as number) > 0 ? max(sums, -1) : min(sums, -1));
}

export interface VectorNormOptions extends ReduceOptions {
  /** Default all. */
  axis?: Axes;
}

/**
 * Norms of vectors: (Σ |x|ᵖ)^(1/p) for any number p; Infinity and −Infinity the largest and the least |x|, 0 how many are
 * not 0.
 *
 * @param x         [...]; integers give float32
 * @param ord       p; default 2
 * @param axis      one or several; default all
 * @param keepDims  leave reduced axes with size 1; default false
 * @returns         x's shape without these axes
 * @throws ValueError "vectorNorm: ord must be a number; got NaN"
 */
export function vectorNorm<D extends DType>(
  x: Tensor<any, D>,
  ord = 2,
  { axis, keepDims = false }: VectorNormOptions = {},
): Tensor<any, Floating<D>> {
  checkTensor('vectorNorm', x);
  if (Number.isNaN(ord)) throw new ValueError(`vectorNorm: ord must be a number; got ${ord}`);
  if (ord >= 1) return norm(x, axis as number, { p: ord, keepDims }) as Tensor;
  return inFloat([x], (x) => {
    if (ord === 0) return sum(to(ne(x, 0), x.dtype), axis as number, { keepDims }) as Tensor;
    if (ord === -Infinity) return min(abs(x), axis as number, { keepDims }) as Tensor;
    return pow(sum(pow(abs(x), ord), axis as number, { keepDims }), 1 / ord) as Tensor;
  });
}

/**
 * The condition number of matrices: ‖a‖ ‖a⁻¹‖, or of p = 2 the largest singular value over the least, and of −2 the inverse.
 * Infinity where a is singular.
 *
 * @param a  [..., n, n], of p = 2 and −2 also [..., m, n]; integers give float32
 * @param p  an order of `matrixNorm`; default 2
 * @returns  [...]
 * @throws ValueError "cond: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity; got 3"
 */
export function cond<D extends DType>(a: Tensor<any, D>, p: MatrixNormOrder = 2): Tensor<any, Floating<D>> {
  checkMatrices('cond', a);
  checkOrder('cond', p);
  if (p === 2 || p === -2) {
    return precisely([a], (a) => div(normOf('cond', a, p, false), normOf('cond', a, -p, false)) as Tensor);
  }
  checkSquare('cond', a);
  return precisely([a], (a) => {
    const elimination = eliminate(a);
    const size = mul(normOf('cond', a, p, false), normOf('cond', inverse(a, elimination, false), p, false));
    return where(eq(elimination.status, 0), size, Infinity) as Tensor;
  });
}
