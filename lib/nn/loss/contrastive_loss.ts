import { type ContrastiveLossOptions, checkContrastive, contrastiveLoss } from '../../ops/loss/contrastive_loss.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Contrastive loss of pairs, reduced; see the op `contrastiveLoss`. */
export class ContrastiveLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly margin: number;
  readonly one: 'dissimilar' | 'similar';

  constructor(options: ContrastiveLossOptions & LossOptions<R> = {}) {
    super(options);
    const { margin = 1, one = 'dissimilar' } = options;
    this.margin = margin;
    this.one = one;
    checkContrastive('ContrastiveLoss', this);
  }

  forward(first: Tensor, second: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return contrastiveLoss(first, second, target, this);
  }
}
