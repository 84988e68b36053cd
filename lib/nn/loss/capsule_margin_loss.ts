import {
  type CapsuleMarginLossOptions,
  capsuleMarginLoss,
  checkCapsuleMargin,
} from '../../ops/loss/capsule_margin_loss.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Margin loss of capsules' lengths, reduced; see the op `capsuleMarginLoss`. */
export class CapsuleMarginLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly present: number;
  readonly absent: number;
  readonly lambda: number;

  constructor(options: CapsuleMarginLossOptions & LossOptions<R> = {}) {
    super(options);
    const { present = 0.9, absent = 0.1, lambda = 0.5 } = options;
    this.present = present;
    this.absent = absent;
    this.lambda = lambda;
    checkCapsuleMargin('CapsuleMarginLoss', this);
  }

  forward(lengths: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return capsuleMarginLoss(lengths, target, this);
  }
}
