import { checkHuber, type HuberLossOptions, huberLoss } from '../../ops/loss/huber_loss.js';
import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** Huber's loss, reduced; see the op `huberLoss`. */
export class HuberLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return huberLoss;
  }
  readonly delta: number;

  constructor(options: HuberLossOptions & LossOptions<R> = {}) {
    super(options);
    const { delta = 1 } = options;
    this.delta = delta;
    checkHuber('HuberLoss', this);
  }
}
