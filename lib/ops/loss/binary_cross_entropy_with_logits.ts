import type { Optional, Tensor } from '../../tensor/tensor.js';
import { softplus } from '../activation/softplus.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import type { BinaryCrossEntropyOptions } from './binary_cross_entropy.js';
import { fusedLoss, reducedLoss, reduceLoss } from './loss.js';

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** Factor of the positive cases' part, e.g. negatives / positives of each class; broadcasts to the input. */
  posWeight?: Optional;
}

/** Difference, product, softplus, sum; difference, sigmoid, difference, product. */
const entropy = fusedLoss(
  'binaryCrossEntropyWithLogits',
  { flops: 5, gradient: 4 },
  (x, t) => add(mul(sub(1, t), x), softplus(neg(x))),
  (x) => neg(x),
);

const weighted = (x: Tensor, t: Tensor, posWeight: Tensor): Tensor =>
  add(mul(sub(1, t), x), mul(add(mul(sub(posWeight, 1), t), 1), softplus(neg(x))));

/**
 * Binary cross entropy of logits, with x the input and t the target:
 *
 *   −weight · (posWeight · t · log σ(x) + (1 − t) · log(1 − σ(x)))
 *     = weight · ((1 − t) · x + (1 + (posWeight − 1) · t) · softplus(−x)), reduced
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ShapeError "binaryCrossEntropyWithLogits: input and target must have one shape; got [4, 1] and [4]; reshape one of them"
 */
export const binaryCrossEntropyWithLogits = reducedLoss<BinaryCrossEntropyWithLogitsOptions>(
  'binaryCrossEntropyWithLogits',
  (x, t, { weight, posWeight, reduction = 'mean' }) => {
    if (!weight && !posWeight) return entropy(x, t, { reduction });
    const losses = posWeight ? weighted(x, t, posWeight) : entropy(x, t, { reduction: 'none' });
    return reduceLoss(weight ? mul(losses, weight) : losses, { reduction });
  },
  { factors: ['weight', 'posWeight'] },
);
