import { show } from '../../core/shape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { mean } from '../reduction/mean.js';
import { binaryCrossEntropyWithLogits } from './binary_cross_entropy_with_logits.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface MultilabelSoftMarginLossOptions {
  /** [C], a factor of each class. */
  weight?: Optional;
}

/**
 * Binary cross entropy of logits, one for each class, in the mean over the classes; reduced.
 *
 * @param input   [..., C], logits
 * @param target  of input's shape, 1 or 0
 * @returns       [], or with reduction 'none' of input's shape without its last axis
 */
export function multilabelSoftMarginLoss<const R extends LossReduction = 'mean'>(
  input: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'multilabelSoftMarginLoss';
  const { weight } = options;
  checkRank(op, 'input', input, ['...', 'classes']);
  checkOneShape(op, { input, target });
  checkReduction(op, options.reduction);
  checkShapes(op, { weight }, input.shape.slice(-1), () => `a factor for each class of input ${show(input.shape)}`);
  return reduceLoss(mean(binaryCrossEntropyWithLogits(input, target, { weight, reduction: 'none' }), -1), options);
}
