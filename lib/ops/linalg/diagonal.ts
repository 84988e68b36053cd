import { run } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import { fill } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';
import type { SumOut } from '../reduction/reduction.js';
import { sum } from '../reduction/sum.js';
import { checkMatrices } from './matrices.js';

/**
 * The diagonals of matrices, a view: yᵢ = xᵢ,ᵢ₊ₒ, as the last axis.
 *
 * @param x       [..., m, n]
 * @param offset  0 the main diagonal, above it positive; default 0
 * @param first   the axis of i; default −2
 * @param second  the axis of i + o; default −1
 * @returns       [..., the length of the diagonal], without these two axes
 * @throws ShapeError "diagonal: two different axes are needed; got 1 and 1 of shape [2, 3]"
 */
export function diagonal<D extends DType>(x: Tensor<any, D>, offset = 0, first = -2, second = -1): Tensor<any, D> {
  checkMatrices('diagonal', x);
  const [i, j] = [checkAxis('diagonal', first, x.rank), checkAxis('diagonal', second, x.rank)];
  if (i === j) {
    throw new ShapeError(
      `diagonal: two different axes are needed; got ${first} and ${second} of shape ${show(x.shape)}`,
    );
  }
  checkOffset('diagonal', offset);
  return along(x, offset, i, j);
}

/**
 * Of matrices their diagonals, as `diagonal`; of a vector the matrix that has it for its diagonal.
 *
 * @param x       [n] or [..., m, n]
 * @param offset  0 the main diagonal, above it positive; default 0
 * @returns       [n + |offset|, n + |offset|] or [..., the length of the diagonal]
 */
export function diag<D extends DType>(x: Tensor<any, D>, offset = 0): Tensor<any, D> {
  checkTensor('diag', x);
  checkOffset('diag', offset);
  if (x.rank !== 1) return diagonal(x, offset);
  return diagonalMatrix(x, offset);
}

/**
 * The sum of the main diagonal of matrices; bool and integers give int32.
 *
 * @param x  [..., m, n]
 * @returns  [...]
 * @throws ShapeError "trace: matrices are needed, at least two axes; got shape [3]"
 */
export function trace<D extends DType>(x: Tensor<any, D>): Tensor<any, SumOut[D]> {
  checkMatrices('trace', x);
  return sum(diagonal(x), -1) as Tensor;
}

/** Matrices, square, with these diagonals and 0 elsewhere: [..., n] → [..., n + |offset|, n + |offset|]. */
export function diagonalMatrix(x: Tensor, offset = 0): Tensor {
  const n: number = x.shape[x.rank - 1] + Math.abs(offset);
  return embed(x, [...x.shape.slice(0, -1), n, n], offset, x.rank - 1, x.rank);
}

function along(x: Tensor, offset: number, i: number, j: number): Tensor {
  const { shape, strides } = x;
  const [row, column] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min(shape[i] - row, shape[j] - column));
  const others = (values: readonly number[]): number[] => values.filter((_, axis) => axis !== i && axis !== j);
  const start = length > 0 ? row * strides[i] + column * strides[j] : 0;
  const y: Tensor = new Tensor(
    x.storage,
    x.dtype,
    [...others(shape), length],
    [...others(strides), strides[i] + strides[j]],
    x.offset + start,
  );
  return record('diagonal', y, [x], [], (dy) => [embed(dy, shape, offset, i, j)]);
}

/** The inverse of `along`: a tensor of `shape` with that diagonal, and 0 elsewhere. */
function embed(y: Tensor, shape: readonly number[], offset: number, i: number, j: number): Tensor {
  const x: Tensor = fill(shape, 0, y.dtype);
  run('copy', [along(x, offset, i, j), y]);
  return record('embed', x, [y], [], (dx) => [along(dx, offset, i, j)]);
}

function checkOffset(op: string, offset: number): void {
  if (!Number.isInteger(offset)) throw new ValueError(`${op}: offset must be a whole number; got ${offset}`);
}
