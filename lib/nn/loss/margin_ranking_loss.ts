import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import {
  checkMarginRanking,
  type MarginRankingLossOptions,
  marginRankingLoss,
} from '../../ops/loss/margin_ranking_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Loss of the order of two scores, reduced; see the op `marginRankingLoss`. */
export class MarginRankingLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly margin: number;

  constructor(options: MarginRankingLossOptions & LossOptions<R> = {}) {
    super(options);
    const { margin = 0 } = options;
    this.margin = margin;
    checkMarginRanking('MarginRankingLoss', this);
  }

  forward(first: Tensor, second: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return marginRankingLoss(first, second, target, this);
  }
}
