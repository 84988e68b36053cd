import type { Optional } from '../../tensor/tensor.js';
import { softplus } from '../activation/softplus.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import type { BinaryCrossEntropyOptions } from './binary_cross_entropy.js';
import { elementLoss } from './loss.js';

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** Factor of the positive cases' part, e.g. negatives / positives of each class; broadcasts to the input. */
  posWeight?: Optional;
}

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
export const binaryCrossEntropyWithLogits = elementLoss<BinaryCrossEntropyWithLogitsOptions>(
  'binaryCrossEntropyWithLogits',
  (x, t, { weight, posWeight }) => {
    const positive = softplus(neg(x));
    const weighted = posWeight ? mul(add(mul(sub(posWeight, 1), t), 1), positive) : positive;
    const losses = add(mul(sub(1, t), x), weighted);
    return weight ? mul(losses, weight) : losses;
  },
  { factors: ['weight', 'posWeight'] },
);
