import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import {
  type MultilabelSoftMarginLossOptions,
  multilabelSoftMarginLoss,
} from '../../ops/loss/multilabel_soft_margin_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { factors, Loss } from './loss.js';

/**
 * Binary cross entropy of logits in the mean over the classes, reduced; see the op `multilabelSoftMarginLoss`.
 * The factors are saved as a buffer.
 */
export class MultiLabelSoftMarginLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;

  constructor(options: MultilabelSoftMarginLossOptions & LossOptions<R> = {}) {
    super(options);
    this.weight = factors(options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return multilabelSoftMarginLoss(input, target, this);
  }
}
