import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { arange } from '../creation/arange.js';
import { ge } from '../elementwise/ge.js';
import { le } from '../elementwise/le.js';
import { where } from '../indexing/where.js';

/**
 * The lower triangle of each matrix, 0 elsewhere: yᵢⱼ = xᵢⱼ if j ≤ i + diagonal.
 *
 * @param x         [..., n, m]
 * @param diagonal  the last one to keep: 0 the main one, above it positive; default 0
 * @returns         of x's shape
 * @throws ShapeError "tril: a tensor with at least two axes is needed; got shape [3]"
 */
export function tril<S extends Shape, D extends DType>(x: Tensor<S, D>, diagonal = 0): Tensor<S, D> {
  const { rows, columns } = places('tril', x, diagonal);
  return where(le(columns, rows), x, 0) as Tensor<S, D>;
}

/**
 * The upper triangle of each matrix, 0 elsewhere: yᵢⱼ = xᵢⱼ if j ≥ i + diagonal.
 *
 * @param x         [..., n, m]
 * @param diagonal  the first one to keep: 0 the main one, above it positive; default 0
 * @returns         of x's shape
 * @throws ShapeError "triu: a tensor with at least two axes is needed; got shape [3]"
 */
export function triu<S extends Shape, D extends DType>(x: Tensor<S, D>, diagonal = 0): Tensor<S, D> {
  const { rows, columns } = places('triu', x, diagonal);
  return where(ge(columns, rows), x, 0) as Tensor<S, D>;
}

/** i + diagonal as a column and j as a row. */
function places(op: string, x: Tensor, diagonal: number): { rows: Tensor; columns: Tensor } {
  checkTensor(op, x);
  if (x.rank < 2) {
    throw new ShapeError(`${op}: a tensor with at least two axes is needed; got shape ${show(x.shape)}`);
  }
  checkWhole(op, 'diagonal', diagonal);
  const [n, m] = x.shape.slice(-2);
  return {
    rows: arange(diagonal, diagonal + n, { dtype: 'int32' }).reshape([n, 1]),
    columns: arange(m, { dtype: 'int32' }),
  };
}
