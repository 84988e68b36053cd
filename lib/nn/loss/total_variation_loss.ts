import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import { totalVariationLoss } from '../../ops/loss/total_variation_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Total variation of each image, reduced; see the op `totalVariationLoss`. */
export class TotalVariationLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(x: Tensor): Tensor<Reduced<any, R>> {
    return totalVariationLoss(x, this);
  }
}
