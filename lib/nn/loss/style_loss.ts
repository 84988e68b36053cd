import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import { styleLoss } from '../../ops/loss/style_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Style loss of each image against Gram matrices, reduced; see the op `styleLoss`. */
export class StyleLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(features: Tensor, gram: Tensor): Tensor<Reduced<any, R>> {
    return styleLoss(features, gram, this);
  }
}
