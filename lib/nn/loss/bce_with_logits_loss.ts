import {
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyWithLogits,
} from '../../ops/loss/binary_cross_entropy_with_logits.js';
import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ElementwiseLoss, factors } from './loss.js';

/** Binary cross entropy of logits, reduced; see the op `binaryCrossEntropyWithLogits`. The factors are saved as buffers. */
export class BCEWithLogitsLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return binaryCrossEntropyWithLogits;
  }
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;

  constructor(options: BinaryCrossEntropyWithLogitsOptions & LossOptions<R> = {}) {
    super(options);
    this.weight = factors(options.weight);
    this.posWeight = factors(options.posWeight);
  }
}
