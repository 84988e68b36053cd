import { kernel } from '../../backend/index.js';
import type { DType, Floating } from '../../core/dtype.js';
import { empty } from '../../tensor/create.js';
import { isRecording, isTracked, noGrad, record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { le } from '../elementwise/le.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { norm } from '../reduction/norm.js';
import { concat } from '../shape/concat.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import { matmul } from './matmul.js';
import { checkMatrices, cubed, precisely, runBatched } from './matrices.js';
import { qr } from './qr.js';

export interface SVDOptions {
  /** All m and n singular vectors, not only those of the min(m, n) values; default true. */
  fullMatrices?: boolean;
}

export interface SVD<D extends DType> {
  /** [..., m, k]: orthonormal columns. */
  u: Tensor<any, D>;
  /** [..., min(m, n)]: singular values, descending. */
  s: Tensor<any, D>;
  /** [..., k, n]: orthonormal rows. */
  vh: Tensor<any, D>;
}

// Golub, Van Loan 2013, section 8.6.3: values alone, and with vectors.
kernel('svd', {
  writes: ({ length }) => length - 1,
  flops: (views) => cubed(views.length === 2 ? 8 / 3 : 21, views[views.length - 1]),
});

/**
 * Singular value decomposition a = U diag(s) Vᵀ. Of each pair of vectors the first of the largest components of U's (of Vᵀ's
 * where a is wide) is positive.
 *
 *   da = U ((skew(UᵀdU) / E) S + S (skew(VᵀdV) / E) + diag(ds)) Vᵀ + (1 − UUᵀ) dU S⁻¹ Vᵀ + U S⁻¹ dVᵀ (1 − VVᵀ)
 *   skew(X) = X − Xᵀ,  Eᵢⱼ = sⱼ² − sᵢ²
 *
 * Derivatives of vectors grow without bound as two values meet, or one nears 0 where a is not square, and are of use only for
 * functions that do not depend on the vectors' signs. Terms of values within rounding of equal, and of 0, count as 0; vectors
 * of a repeated value, and those that `fullMatrices` adds, have no derivative of their own.
 *
 * @param a             [..., m, n]; integers give float32; an element that is not finite gives NaN
 * @param fullMatrices  all singular vectors, as in PyTorch the default
 * @returns             u [..., m, m], s [..., min(m, n)], vh [..., n, n]; else u [..., m, min(m, n)], vh [..., min(m, n), n]
 * @throws ShapeError "svd: matrices are needed, at least two axes; got shape [3]"
 * @source Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 8.6; Gu, Eisenstat 1995, "A
 *         divide-and-conquer algorithm for the bidiagonal SVD"; derivatives: Wan, Zhang 2019, "Automatic
 *         differentiation for complex valued SVD", arXiv:1909.02659; Giles 2008, section 3.2
 */
export function svd<D extends DType>(a: Tensor<any, D>, { fullMatrices = true }: SVDOptions = {}): SVD<Floating<D>> {
  checkMatrices('svd', a);
  return precisely([a], (a) => {
    const thin = decompose(a);
    if (!fullMatrices) return thin;
    return { ...thin, u: completed(thin.u), vh: transpose(completed(transpose(thin.vh) as Tensor)) as Tensor };
  }) as SVD<any>;
}

/**
 * Singular values alone, in descending order; as `svd`, without the cost of the vectors unless a gradient is wanted.
 *
 * @param a  [..., m, n]; integers give float32
 * @returns  [..., min(m, n)]
 * @throws ShapeError "svdvals: matrices are needed, at least two axes; got shape [3]"
 */
export function svdvals<D extends DType>(a: Tensor<any, D>): Tensor<any, Floating<D>> {
  checkMatrices('svdvals', a);
  return precisely([a], singularValues);
}

/** The same of an operand of a floating-point dtype. */
export const singularValues = (a: Tensor): Tensor => (isRecording() && isTracked(a) ? decompose(a).s : solve(a, []));

function solve(a: Tensor, vectors: readonly Tensor[]): Tensor {
  const batch: number[] = a.shape.slice(0, -2);
  const s: Tensor = empty([...batch, Math.min(...(a.shape.slice(-2) as number[]))], a.dtype);
  runBatched('svd', batch, [s, ...vectors, a]);
  return s;
}

/** The thin decomposition of an operand of a floating-point dtype. */
export function decompose(a: Tensor): { u: Tensor; s: Tensor; vh: Tensor } {
  const batch: number[] = a.shape.slice(0, -2);
  const [m, n]: number[] = a.shape.slice(-2);
  const k = Math.min(m, n);
  const [u, vh]: Tensor[] = [empty([...batch, m, k], a.dtype), empty([...batch, k, n], a.dtype)];
  const s = solve(a, [u, vh]);
  record('svd', s, [a], [u, vh], (ds, [u, vh]) => [matmul(mul(u, unsqueeze(ds, -2)), vh) as Tensor]);
  record('svd', u, [a], [u, s, vh], (du, [u, s, vh]) => {
    const inner = mul(turn(u, du, s), unsqueeze(s, -2)) as Tensor;
    const outside = m > k ? beside(u, du) : null;
    return [matmul(leftPart(u, inner, outside, s), vh) as Tensor];
  });
  record('svd', vh, [a], [u, s, vh], (dvh, [u, s, vh]) => {
    // The same of the transpose.
    const [v, dv] = [transpose(vh) as Tensor, transpose(dvh) as Tensor];
    const inner = mul(turn(v, dv, s), unsqueeze(s, -2)) as Tensor;
    const outside = n > k ? beside(v, dv) : null;
    return [matmul(u, transpose(leftPart(v, inner, outside, s))) as Tensor];
  });
  return { u, s, vh };
}

/** skew(UᵀdU) / E */
function turn(u: Tensor, du: Tensor, s: Tensor): Tensor {
  const product = matmul(transpose(u), du) as Tensor;
  return mul(sub(product, transpose(product)), inverseGaps(s)) as Tensor;
}

/** U · inner, and what of dU is outside of U's columns: (1 − UUᵀ) dU S⁻¹. */
function leftPart(u: Tensor, inner: Tensor, outside: Tensor | null, s: Tensor): Tensor {
  const within = matmul(u, inner) as Tensor;
  if (outside === null) return within;
  const zero = noGrad(() => le(s, mul(norm(s, -1, { keepDims: true }), rounding[s.dtype as 'float32']))) as Tensor;
  const inverse = where(zero, 0, div(1, where(zero, 1, s) as Tensor)) as Tensor;
  return add(within, mul(outside, unsqueeze(inverse, -2))) as Tensor;
}

/** (1 − UUᵀ) dU */
const beside = (u: Tensor, du: Tensor): Tensor => sub(du, matmul(u, matmul(transpose(u), du))) as Tensor;

/** Values, and gaps between them, that rounding of the matrix could make, in units of its norm. */
const rounding = { float32: 16 * 2 ** -23, float64: 16 * 2 ** -52 };

/** 1 / (sⱼ² − sᵢ²), 0 where the two are as good as equal. */
function inverseGaps(s: Tensor): Tensor {
  const [row, column] = [unsqueeze(s, -2) as Tensor, unsqueeze(s, -1) as Tensor];
  const gaps = sub(row, column) as Tensor;
  const equal = noGrad(() => {
    const size = unsqueeze(norm(s, -1, { keepDims: true }) as Tensor, -1);
    return le(abs(gaps), mul(size, rounding[s.dtype as 'float32']));
  }) as Tensor;
  return where(equal, 0, div(1, where(equal, 1, mul(gaps, add(row, column)) as Tensor) as Tensor)) as Tensor;
}

/** Orthonormal columns, [..., m, k], and as many more as make a basis. */
function completed(u: Tensor): Tensor {
  const [m, k]: number[] = u.shape.slice(-2);
  if (m === k) return u;
  const { q } = qr(u.detach(), { mode: 'complete' });
  return concat([u, slice(q, '...', [k, null])], -1) as Tensor;
}
