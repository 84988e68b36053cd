import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import { multilabelMarginLoss } from '../../ops/loss/multilabel_margin_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Hinge loss of several labels, reduced; see the op `multilabelMarginLoss`. */
export class MultiLabelMarginLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return multilabelMarginLoss(input, target, this);
  }
}
