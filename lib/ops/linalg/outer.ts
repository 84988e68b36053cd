import { checkArray } from '../../core/check.js';
import type { DType, Promoted } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { broadcastShapes, checkAxis, show } from '../../core/shape.js';
import { tensor } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { indexSelect } from '../indexing/index_select.js';
import { expand } from '../shape/expand.js';
import { matmul } from './matmul.js';

/**
 * The outer product of vectors: yᵢⱼ = aᵢ bⱼ.
 *
 * @param a  [m]
 * @param b  [n]
 * @returns  [m, n]
 * @throws ShapeError "outer: two vectors are needed; got [2, 3] and [4]"
 */
export function outer<M extends number, D extends DType, N extends number, E extends DType>(
  a: Tensor<[M], D>,
  b: Tensor<[N], E>,
): Tensor<[M, N], Promoted<D, E>> {
  checkTensor('outer', a);
  checkTensor('outer', b);
  if ((a.rank as number) !== 1 || (b.rank as number) !== 1) {
    throw new ShapeError(`outer: two vectors are needed; got ${show(a.shape)} and ${show(b.shape)}`);
  }
  return mul(a.reshape([a.size, 1]) as Tensor, b as Tensor) as Tensor;
}

/**
 * Kronecker's product: every element of a times all of b; yᵢₚ₊ₖ,ⱼᵩ₊ₗ = aᵢⱼ bₖₗ for b [p, q]. The operand with fewer axes gets
 * more of size 1 in front.
 *
 * @param a  [...]
 * @param b  [...]
 * @returns  [...], the sizes multiplied axis by axis
 */
export function kron<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
): Tensor<any, Promoted<D, E>> {
  checkTensor('kron', a);
  checkTensor('kron', b);
  const rank = Math.max(a.rank, b.rank);
  const padded = (x: Tensor): number[] => [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  const [p, q] = [padded(a), padded(b)];
  const left: Tensor = a.reshape(p.flatMap((size) => [size, 1]));
  const right: Tensor = b.reshape(q.flatMap((size) => [1, size]));
  return mul(left, right).reshape(p.map((size, i) => size * q[i])) as Tensor;
}

/**
 * The cross product of vectors of three elements along an axis.
 *
 * @param a     [..., 3, ...]
 * @param b     [..., 3, ...]; broadcasts
 * @param axis  of both, of the broadcast shape; default the last
 * @returns     of the broadcast shape
 * @throws ShapeError "cross: axis 1 must have 3 elements; got shapes [2, 4] and [2, 4]"
 */
export function cross<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
  axis = -1,
): Tensor<any, Promoted<D, E>> {
  checkTensor('cross', a);
  checkTensor('cross', b);
  const shape = broadcastShapes('cross', a.shape, b.shape);
  const along = checkAxis('cross', axis, shape.length);
  const size = (x: Tensor): number | undefined => x.shape[along - shape.length + x.rank];
  if (size(a) !== 3 || size(b) !== 3) {
    throw new ShapeError(`cross: axis ${along} must have 3 elements; got shapes ${show(a.shape)} and ${show(b.shape)}`);
  }
  const [next, last] = [tensor(Int32Array.of(1, 2, 0)), tensor(Int32Array.of(2, 0, 1))] as Tensor[];
  const [p, q] = [expand(a, shape), expand(b, shape)] as Tensor[];
  const pick = (x: Tensor, index: Tensor): Tensor => indexSelect(x, along, index) as Tensor;
  return sub(mul(pick(p, next), pick(q, last)), mul(pick(p, last), pick(q, next))) as Tensor;
}

/**
 * The product of several matrices, in the order of multiplication that takes the fewest operations.
 *
 * @param matrices  two at least: [m, n] each; the first may be a row [n], the last a column [m]
 * @returns         [m, n], without the axes of a row and a column
 * @throws ValueError "multiDot: at least two matrices are needed; got 1";
 *         ShapeError "multiDot: matrix 1 must have two axes; got [3]"
 * @source Cormen, Leiserson, Rivest, Stein 2009, "Introduction to Algorithms", 3rd edition, section 15.2
 */
export function multiDot(matrices: readonly Tensor[]): Tensor {
  checkArray('multiDot', 'matrices', matrices);
  const count = matrices.length;
  if (count < 2) throw new ValueError(`multiDot: at least two matrices are needed; got ${count}`);
  const all = matrices.map((x, i): Tensor => {
    checkTensor('multiDot', x);
    const end = i === 0 || i === count - 1;
    if (x.rank !== 2 && !(end && x.rank === 1)) {
      throw new ShapeError(`multiDot: matrix ${i} must have two axes; got ${show(x.shape)}`);
    }
    if (x.rank === 2) return x;
    return x.reshape(i === 0 ? [1, x.size] : [x.size, 1]);
  });
  const sizes: number[] = [all[0].shape[0], ...all.map((x) => x.shape[1])];
  // The fewest multiplications of matrices i … j, and before which of them they are cut.
  const costs = all.map(() => new Float64Array(count));
  const cuts = all.map(() => new Int32Array(count));
  for (let length = 1; length < count; length++) {
    for (let i = 0; i + length < count; i++) {
      const j = i + length;
      costs[i][j] = Infinity;
      for (let cut = i + 1; cut <= j; cut++) {
        const cost = costs[i][cut - 1] + costs[cut][j] + sizes[i] * sizes[cut] * sizes[j + 1];
        if (cost < costs[i][j]) [costs[i][j], cuts[i][j]] = [cost, cut];
      }
    }
  }
  const multiply = (i: number, j: number): Tensor =>
    i === j ? all[i] : (matmul(multiply(i, cuts[i][j] - 1), multiply(cuts[i][j], j)) as Tensor);
  const product = multiply(0, count - 1);
  const shape = [
    ...(matrices[0].rank === 2 ? [product.shape[0]] : []),
    ...(matrices[count - 1].rank === 2 ? [product.shape[1]] : []),
  ];
  return product.reshape(shape);
}
