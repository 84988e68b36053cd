import { checkFinite } from '../../core/check.js';
import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { mul } from '../elementwise/mul.js';
import { sqrt } from '../elementwise/sqrt.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { sumOfSquares } from '../reduction/sum_of_squares.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface CosineEmbeddingLossOptions {
  /** The cosine up to which the dissimilar have no loss; default 0. */
  margin?: number;
}

export const checkCosineEmbedding = (op: string, { margin = 0 }: CosineEmbeddingLossOptions): void =>
  checkFinite(op, 'margin', margin);

/**
 * Loss of the angle between two vectors: 1 − cos where target is 1, max(0, cos − margin) where it is −1; reduced.
 *
 * @param first   [..., d]
 * @param second  of first's shape
 * @param target  [...], 1 for the similar, −1 for the dissimilar
 * @returns       [], or with reduction 'none' of target's shape
 * @throws ShapeError "cosineEmbeddingLoss: target must be [4], first [4, 5] without its last axis; got [4, 1]"
 */
export function cosineEmbeddingLoss<const R extends LossReduction = 'mean'>(
  first: Tensor,
  second: Tensor,
  target: Tensor,
  options: CosineEmbeddingLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'cosineEmbeddingLoss';
  checkOneShape(op, { first, second });
  checkShapes(op, { target }, first.shape.slice(0, -1), () => `first ${show(first.shape)} without its last axis`);
  checkReduction(op, options.reduction);
  checkCosineEmbedding(op, options);
  const { margin = 0 } = options;
  return inFloat([first, second], (a: Tensor, b: Tensor) => {
    const length = sqrt(mul(squaredLength(a), squaredLength(b)));
    const cosine = div(sum(mul(a, b), -1, { keepDims: true }), length).reshape(target.shape) as Tensor;
    return reduceLoss(where(eq(target, 1), sub(1, cosine), relu(sub(cosine, margin))), options);
  });
}

/** Never 0, as in PyTorch. */
const squaredLength = (x: Tensor): Tensor => add(sumOfSquares(x, [x.rank - 1]), 1e-12);
