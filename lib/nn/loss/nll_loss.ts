import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import { type NllLossOptions, nllLoss } from '../../ops/loss/nll_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { factors, Loss } from './loss.js';

/** Negative log-likelihood of labels, reduced; see the op `nllLoss`. The factors are saved as a buffer. */
export class NLLLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;

  constructor(options: NllLossOptions & LossOptions<R> = {}) {
    super(options);
    const { ignoreIndex = -100 } = options;
    this.weight = factors(options.weight);
    this.ignoreIndex = ignoreIndex;
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return nllLoss(input, target, this);
  }
}
