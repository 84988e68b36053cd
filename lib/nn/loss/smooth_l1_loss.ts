import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import { checkSmoothL1, type SmoothL1LossOptions, smoothL1Loss } from '../../ops/loss/smooth_l1_loss.js';
import { ElementwiseLoss } from './loss.js';

/** Squared error near 0, absolute error beyond beta, reduced; see the op `smoothL1Loss`. */
export class SmoothL1Loss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return smoothL1Loss;
  }
  readonly beta: number;

  constructor(options: SmoothL1LossOptions & LossOptions<R> = {}) {
    super(options);
    const { beta = 1 } = options;
    this.beta = beta;
    checkSmoothL1('SmoothL1Loss', this);
  }
}
