import { contentLoss } from '../../ops/loss/content_loss.js';
import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Content loss of each image, reduced; see the op `contentLoss`. */
export class ContentLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return contentLoss(input, target, this);
  }
}
