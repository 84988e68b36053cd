import { generalisedDiceLoss } from '../../ops/loss/generalised_dice_loss.js';
import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Dice loss in which small classes count as much as large ones, reduced; see the op `generalisedDiceLoss`. */
export class GeneralisedDiceLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return generalisedDiceLoss(input, target, this);
  }
}
