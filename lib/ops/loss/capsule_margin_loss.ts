import { checkFraction, checkNonNegative } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { checkRank } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import {
  checkOneShape,
  checkReduction,
  type LossOptions,
  type LossReduction,
  type Reduced,
  reduceLoss,
} from './loss.js';

export interface CapsuleMarginLossOptions {
  /** The length from which on a capsule of the sample's class has no loss, m⁺; within 0 … 1; default 0.9. */
  present?: number;
  /** The length up to which a capsule of another class has none, m⁻; within 0 … 1; default 0.1. */
  absent?: number;
  /** Factor of the other classes' part, λ; ≥ 0; default 0.5. */
  lambda?: number;
}

export function checkCapsuleMargin(op: string, options: CapsuleMarginLossOptions): void {
  const { present = 0.9, absent = 0.1, lambda = 0.5 } = options;
  checkFraction(op, 'present', present);
  checkFraction(op, 'absent', absent);
  checkNonNegative(op, 'lambda', lambda);
}

/**
 * Margin loss of capsules' lengths, with T the target:
 *
 *   Σ over classes of T · max(0, present − length)² + lambda · (1 − T) · max(0, length − absent)², reduced
 *
 * @param lengths  [..., C], ‖v‖ of each class's capsule
 * @param target   of lengths' shape, 1 for the classes that are there, else 0
 * @returns        [], or with reduction 'none' of lengths' shape without its last axis
 * @throws ValueError "capsuleMarginLoss: present must be within 0 … 1; got 2"
 * @source Sabour, Frosst, Hinton 2017, arXiv:1710.09829, equation 4; lecture notes 004, lines 8086–8094
 */
export function capsuleMarginLoss<const R extends LossReduction = 'mean'>(
  lengths: Tensor,
  target: Tensor,
  options: CapsuleMarginLossOptions & LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'capsuleMarginLoss';
  checkRank(op, 'lengths', lengths, ['...', 'classes']);
  checkOneShape(op, { lengths, target });
  checkReduction(op, options.reduction);
  checkCapsuleMargin(op, options);
  const { present = 0.9, absent = 0.1, lambda = 0.5 } = options;
  return inFloat([lengths, target], (v: Tensor, t: Tensor) => {
    const missing = mul(t, square(relu(sub(present, v))));
    const extra = mul(sub(1, t), square(relu(sub(v, absent))));
    return reduceLoss(sum(add(missing, mul(extra, lambda)), -1), options);
  });
}
