import { kernel } from '../../backend/index.js';
import { autocast } from '../../core/autocast.js';
import { type DType, type Floating, promoteToFloat, widen } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { Checked, Init, Result, Shape, Square } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { isRecording, isTracked, noGrad, record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { le } from '../elementwise/le.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { norm } from '../reduction/norm.js';
import { transpose } from '../shape/permute.js';
import { to } from '../shape/to.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { matmul } from './matmul.js';
import { checkSquare, runBatched } from './matrices.js';

/** Eigenvalues in ascending order, and the unit eigenvectors that belong to them, in columns. */
export interface Eigendecomposition<S extends Shape, D extends DType> {
  values: Tensor<Init<S>, D>;
  vectors: Tensor<S, D>;
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices: a = V diag(λ) Vᵀ with VᵀV = 1. What is decomposed is the symmetric
 * part ½ (a + aᵀ), so that the result is a function of all elements; PyTorch reads the lower triangle instead. Householder's
 * reduction to a tridiagonal matrix, whose values and vectors are found by divide and conquer, up to order 32 by implicit QL, in
 * float64 for every dtype: values and VᵀV are right to some n roundings of a's dtype, values relative to ‖a‖. A matrix with an
 * element that is not finite gives NaN.
 *
 * The first of a vector's components of the largest size is positive.
 *
 *   dλ:  da = V diag(dλ) Vᵀ
 *   dV:  da = sym(V (F ∘ VᵀdV) Vᵀ),    Fᵢⱼ = 1 / (λⱼ − λᵢ), 0 for i = j and within rounding of equal
 *
 * Vectors of one repeated eigenvalue are any basis of its space and have no derivative of their own. What does not depend
 * on the choice gets the right one: functions of the values that treat equal ones alike (sum, log-determinant), and the
 * projection onto a whole eigenspace. A matrix function V f(λ) Vᵀ does not: it lacks f′ between vectors of equal values.
 *
 * @param a  [..., n, n]; integers give float32
 * @returns  values [..., n] in ascending order; vectors [..., n, n], one a column
 * @throws ShapeError "eigh: square matrices are needed; got shape [2, 3]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, sections 8.3 and 8.4; Gu, Eisenstat 1995, "A
 *         divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem"; derivatives: Giles 2008, "An extended
 *         collection of matrix derivative results for forward and reverse mode algorithmic differentiation", section 3.1
 */
export function eigh<S extends Shape, D extends DType>(
  a: Tensor<S, D> & Checked<Square<S>>,
): Eigendecomposition<Result<Square<S>>, Floating<D>> {
  const { values, vectors } = decompose(asMatrices('eigh', a));
  const dtype = promoteToFloat(a.dtype);
  return { values: to(values, dtype), vectors: to(vectors, dtype) } as Eigendecomposition<any, any>;
}

/**
 * The eigenvalues of symmetric matrices alone, in ascending order; as `eigh`, without the cost of the vectors unless a
 * gradient is wanted.
 *
 * @param a  [..., n, n]; integers give float32
 * @returns  [..., n]
 * @throws ShapeError "eigvalsh: square matrices are needed; got shape [2, 3]"
 */
export function eigvalsh<S extends Shape, D extends DType>(
  a: Tensor<S, D> & Checked<Square<S>>,
): Tensor<Init<Result<Square<S>>>, Floating<D>> {
  const x = asMatrices('eigvalsh', a);
  const values = isRecording() && isTracked(x) ? decompose(x).values : solve(x, []);
  return to(values, promoteToFloat(a.dtype)) as Tensor;
}

function asMatrices(op: string, a: Tensor): Tensor {
  checkSquare(op, a);
  return to(a, widen(promoteToFloat(a.dtype)));
}

// Values alone, and with vectors: Golub, Van Loan 2013, "Matrix Computations", section 8.3.5.
kernel('eigh', {
  writes: ({ length }) => length - 1,
  flops: ({ length, 0: { shape } }) => (length === 2 ? 4 / 3 : 9) * sizeOf(shape) * shape[1] ** 2,
});

/** The eigenvalues; writes the vectors where there is room for them. */
function solve(a: Tensor, vectors: readonly Tensor[]): Tensor {
  const values = empty(a.shape.slice(0, -1), a.dtype);
  runBatched('eigh', a.shape.slice(0, -2), [values, ...vectors, a]);
  return values;
}

function decompose(a: Tensor): { values: Tensor; vectors: Tensor } {
  const vectors: Tensor = empty(a.shape, a.dtype);
  const values = solve(a, [vectors]);
  // Its gradients have the precision of the values and vectors, also where autocast lowers that of products.
  autocast('float32', () => {
    record('eigh', values, [a], [vectors], (dy, [v]) => [matmul(mul(v, unsqueeze(dy, -2)), transpose(v))]);
    record('eigh', vectors, [a], [values, vectors], (dy, [values, v]) => {
      const turn = mul(matmul(transpose(v), dy), inverseGaps(values));
      const da: Tensor = matmul(matmul(v, turn), transpose(v));
      return [mul(add(da, transpose(da)), 0.5)];
    });
  });
  return { values, vectors };
}

/** Gaps between eigenvalues that rounding of the matrix could make, in units of its norm. */
const rounding = { float32: 16 * 2 ** -23, float64: 16 * 2 ** -52 };

/** Fᵢⱼ = 1 / (λⱼ − λᵢ), 0 where the two are as good as equal. */
function inverseGaps(values: Tensor): Tensor {
  const gaps: Tensor = sub(unsqueeze(values, -2), unsqueeze(values, -1));
  const equal = noGrad(() => {
    const size = norm(values, -1, { keepDims: true });
    return le(gaps.abs(), mul(unsqueeze(size, -1), rounding[values.dtype as keyof typeof rounding]));
  });
  return where(equal, 0, div(1, where(equal, 1, gaps)));
}
