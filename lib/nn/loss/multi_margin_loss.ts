import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import { checkMultiMargin, type MultiMarginLossOptions, multiMarginLoss } from '../../ops/loss/multi_margin_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { factors, Loss } from './loss.js';

/** Hinge loss of several classes, reduced; see the op `multiMarginLoss`. The factors are saved as a buffer. */
export class MultiMarginLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly p: 1 | 2;
  readonly margin: number;
  readonly weight: Tensor | null;

  constructor(options: MultiMarginLossOptions & LossOptions<R> = {}) {
    super(options);
    const { p = 1, margin = 1 } = options;
    this.p = p;
    this.margin = margin;
    this.weight = factors(options.weight);
    checkMultiMargin('MultiMarginLoss', this);
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return multiMarginLoss(input, target, this);
  }
}
