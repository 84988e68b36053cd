import { diceLoss } from '../../ops/loss/dice_loss.js';
import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Dice loss of each class of each sample, reduced; see the op `diceLoss`. */
export class DiceLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return diceLoss(input, target, this);
  }
}
