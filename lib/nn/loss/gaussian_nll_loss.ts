import { checkGaussianNll, type GaussianNllLossOptions, gaussianNllLoss } from '../../ops/loss/gaussian_nll_loss.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Negative log-likelihood of a normal distribution, reduced; see the op `gaussianNllLoss`. */
export class GaussianNLLLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly full: boolean;
  readonly eps: number;

  constructor(options: GaussianNllLossOptions & LossOptions<R> = {}) {
    super(options);
    const { full = false, eps = 1e-6 } = options;
    this.full = full;
    this.eps = eps;
    checkGaussianNll('GaussianNLLLoss', this);
  }

  forward(input: Tensor, target: Tensor, variance: Tensor): Tensor<Reduced<any, R>> {
    return gaussianNllLoss(input, target, variance, this);
  }
}
