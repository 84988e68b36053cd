import { checkFraction, checkNonNegative } from '../../core/check.js';
import { type DType, type Floating, isFloat, type Promoted } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { broadcastShapes, sameShape, show } from '../../core/shape.js';
import type { Checked, MatMul, Result, Shape, Transposed } from '../../core/types.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { attention } from './attention.js';

export interface AttentionOptions {
  /**
   * Broadcasts to [..., L, S]: bool, true where a key takes part; or floating-point, added to the scores. Default:
   * none.
   */
  mask?: Optional;
  /** The query at i sees the keys at 0 … i only, beside what the mask says; default false. */
  causal?: boolean;
  /** Factor of the scores, ≥ 0; default 1 / √E. */
  scale?: number;
  /** Probability that a weight is set to 0, the others growing by 1 / (1 − p); within 0 … 1; default 0. */
  dropout?: number;
  /** Where dropout's random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator;
}

/** `[..., L, E], [..., S, E], [..., S, V] → [..., L, V]`. */
export type AttentionShape<Q extends Shape, K extends Shape, V extends Shape> =
  MatMul<Q, Result<Transposed<K>>> extends infer W extends Shape ? MatMul<W, V> : MatMul<Q, Result<Transposed<K>>>;

/**
 * Means of values, weighted by how well each key answers a query:
 *
 *   y = softmax(scale · query · keyᵀ + mask) · value
 *
 * The weights are computed in tiles and never stored, unless the mask's gradient is wanted. A query that sees no key
 * gives 0, and has no gradient. Heads are batch axes and may lie anywhere: [N, L, H · E] seen as [N, H, L, E] is read
 * in place, and the result lies in memory as the query does. `autocast` rounds what is multiplied, the weights too.
 *
 * @param query  [..., L, E]
 * @param key    [..., S, E]; the axes in front broadcast
 * @param value  [..., S, V]
 * @returns      [..., L, V]; integers give float32, bfloat16 is computed in float32 and rounded
 * @throws ShapeError "scaledDotProductAttention: query and key must have one width, their last axis; got [2, 5, 8] and [2, 6, 4]"
 * @source Vaswani and others 2017, arXiv:1706.03762, equation 1; PyTorch's scaled_dot_product_attention
 */
export function scaledDotProductAttention<
  Q extends Shape,
  K extends Shape,
  V extends Shape,
  D extends DType,
  E extends DType,
  F extends DType,
>(
  query: Tensor<Q, D>,
  key: Tensor<K, E>,
  value: Tensor<V, F> & Checked<AttentionShape<Q, K, V>>,
  { mask, causal = false, scale, dropout = 0, generator }: AttentionOptions = {},
): Tensor<Result<AttentionShape<Q, K, V>>, Floating<Promoted<D, Promoted<E, F>>>> {
  const op = 'scaledDotProductAttention';
  const shape = checkOperands({ query, key, value });
  if (mask) checkMask(mask, shape);
  if (scale !== undefined) checkNonNegative(op, 'scale', scale);
  checkFraction(op, 'dropout', dropout);
  const width: number = query.shape[query.rank - 1];
  const weighting = { scale: scale ?? 1 / Math.sqrt(width), causal, p: dropout, generator };
  return attention(query, key, value, mask ?? undefined, weighting) as Tensor;
}

/** The shape of the scores. */
function checkOperands(operands: Record<'query' | 'key' | 'value', Tensor>): Shape {
  const op = 'scaledDotProductAttention';
  for (const [name, x] of Object.entries(operands)) {
    checkRank(op, name, x, ['...', 'length', 'width']);
  }
  const [q, k, v]: Shape[] = [operands.query.shape, operands.key.shape, operands.value.shape];
  if (q[q.length - 1] !== k[k.length - 1]) {
    throw new ShapeError(`${op}: query and key must have one width, their last axis; got ${show(q)} and ${show(k)}`);
  }
  if (k[k.length - 2] !== v[v.length - 2]) {
    throw new ShapeError(
      `${op}: key and value must have one length, their axis before the last; got ${show(k)} and ${show(v)}`,
    );
  }
  const batch = [k, v].reduce((shape, x) => broadcastShapes(op, shape, x.slice(0, -2)), q.slice(0, -2));
  return [...batch, q[q.length - 2], k[k.length - 2]];
}

function checkMask(mask: Tensor, scores: Shape): void {
  const op = 'scaledDotProductAttention';
  if (mask.dtype !== 'bool' && !isFloat(mask.dtype)) {
    throw new DTypeError(
      `${op}: the mask must be bool (true where a key takes part) or floating-point (added to the scores); got ${mask.dtype}; compare it, e.g. mask.ne(0)`,
    );
  }
  if (!sameShape(broadcastShapes(op, mask.shape, scores), scores)) {
    throw new ShapeError(`${op}: the mask ${show(mask.shape)} must broadcast to the scores ${show(scores)}`);
  }
}
