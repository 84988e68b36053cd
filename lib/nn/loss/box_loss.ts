import { boxLoss } from '../../ops/loss/box_loss.js';
import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Localisation loss of boxes by their corners, reduced; see the op `boxLoss`. */
export class BoxLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return boxLoss(input, target, this);
  }
}
