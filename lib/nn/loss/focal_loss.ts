import { checkFocal, type FocalLossOptions, focalLoss } from '../../ops/loss/focal_loss.js';
import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** Focal loss of logits, reduced; see the op `focalLoss`. */
export class FocalLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return focalLoss;
  }
  readonly alpha: number | null;
  readonly gamma: number;

  constructor(options: FocalLossOptions & LossOptions<R> = {}) {
    super(options);
    const { alpha = 0.25, gamma = 2 } = options;
    this.alpha = alpha;
    this.gamma = gamma;
    checkFocal('FocalLoss', this);
  }
}
