import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import {
  checkTripletMargin,
  type TripletDistance,
  type TripletMarginLossOptions,
  tripletMarginLoss,
} from '../../ops/loss/triplet_margin_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Triplet loss, reduced; see the op `tripletMarginLoss`. */
export class TripletMarginLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly margin: number;
  readonly distance: TripletDistance;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;
  readonly shifted: boolean;

  constructor(options: TripletMarginLossOptions & LossOptions<R> = {}) {
    super(options);
    const { margin = 1, distance = 'norm', p = 2, eps = 1e-6, swap = false, shifted = false } = options;
    this.margin = margin;
    this.distance = distance;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
    this.shifted = shifted;
    checkTripletMargin('TripletMarginLoss', this);
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor<Reduced<any, R>> {
    return tripletMarginLoss(anchor, positive, negative, this);
  }
}
