import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Ranked, Shape } from '../../core/types.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { eq } from '../elementwise/eq.js';
import { pickSlices } from './index_select.js';
import { checkIndices } from './indexing.js';
import { where } from './where.js';

/** `[…] → […, dim]`. */
export type EmbeddingShape<I extends Shape, Dim extends number> = Ranked<I> extends false ? any : [...I, Dim];

export interface EmbeddingOptions {
  /** The row that gets no gradient; negative counts from the end; null for none, the default. */
  paddingIdx?: number | null;
}

/**
 * Rows of a table: y[..., :] = weight[indices[...], :].
 *
 * @param indices       [...] int32, within 0 … count − 1
 * @param weight        [count, dim]
 * @param paddingIdx    a row that gets no gradient; negative counts from the end; default none
 * @returns             [..., dim]
 * @throws ValueError "embedding: index 9 at [0, 2] must be within 0 … 6, the rows of weight [7, 4]"
 */
export function embedding<I extends Shape, Dim extends number, D extends DType>(
  indices: Tensor<I, 'int32'>,
  weight: Tensor<[number, Dim], D>,
  { paddingIdx }: EmbeddingOptions = {},
): Tensor<EmbeddingShape<I, Dim>, D> {
  checkTensor('embedding', indices);
  checkRank('embedding', 'weight', weight, ['count', 'dim']);
  const [count, dim] = weight.shape;
  checkIndices('embedding', indices, count, () => `the rows of weight ${show(weight.shape)}`);
  const table = paddingIdx === undefined || paddingIdx === null ? weight : withPadding(weight, paddingIdx);
  return pickSlices(table, 0, indices.reshape([indices.size])).reshape([...indices.shape, dim]) as Tensor;
}

/** The same table, of which one row gets no gradient. */
function withPadding(weight: Tensor, paddingIdx: number): Tensor {
  const count: number = weight.shape[0];
  const padding = checkPaddingIdx('embedding', paddingIdx, count);
  const rows = (): Tensor => arange(count, { dtype: 'int32' }).reshape([count, 1]);
  return record('embedding', weight.detach(), [weight], [], (dy) => [where(eq(rows(), padding), 0, dy)]);
}

/** A user's padding row as an index. */
export function checkPaddingIdx(op: string, paddingIdx: number, count: number): number {
  if (!Number.isInteger(paddingIdx) || paddingIdx < -count || paddingIdx >= count) {
    throw new ValueError(`${op}: paddingIdx must be a whole number within ${-count} … ${count - 1}; got ${paddingIdx}`);
  }
  return paddingIdx < 0 ? paddingIdx + count : paddingIdx;
}
