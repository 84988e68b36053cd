import { isFloat } from '../core/dtype.js';
import { DTypeError, ShapeError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { checkIndices } from '../ops/indexing/indexing.js';
import { argmax } from '../ops/reduction/argmax.js';
import { noGrad } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * The share of examples whose highest score is their label's: 0 … 1. Of equal scores the first counts.
 *
 * @param scores  [n, c] logits or probabilities, n ≥ 1
 * @param labels  [n] int32, within 0 … c − 1
 * @throws ShapeError "accuracy: scores must be [n, c] and labels [n]; got [8, 10] and [7]"
 */
export function accuracy(
  scores: Tensor<readonly [number, number]>,
  labels: Tensor<readonly [number], 'int32'>,
): number {
  if (scores.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== scores.shape[0] || scores.size === 0) {
    throw new ShapeError(
      `accuracy: scores must be [n, c] and labels [n], with n ≥ 1 and c ≥ 1; got ${show(scores.shape)} and ${show(labels.shape)}`,
    );
  }
  if (!isFloat(scores.dtype)) {
    throw new DTypeError(`accuracy: scores must be floating-point; got ${scores.dtype}; are the arguments exchanged?`);
  }
  const [n, classes] = scores.shape;
  checkIndices('accuracy', labels, classes, () => `the number of classes being ${classes}`);
  const hits = noGrad(() => argmax(scores, 1).eq(labels).sum());
  return Number(hits.item()) / n;
}
