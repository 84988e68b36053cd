import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import { checkPoissonNll, type PoissonNllLossOptions, poissonNllLoss } from '../../ops/loss/poisson_nll_loss.js';
import { ElementwiseLoss } from './loss.js';

/** Negative log-likelihood of counts under Poisson's distribution, reduced; see the op `poissonNllLoss`. */
export class PoissonNLLLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return poissonNllLoss;
  }
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(options: PoissonNllLossOptions & LossOptions<R> = {}) {
    super(options);
    const { logInput = true, full = false, eps = 1e-8 } = options;
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
    checkPoissonNll('PoissonNLLLoss', this);
  }
}
