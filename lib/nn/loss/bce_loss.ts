import { type BinaryCrossEntropyOptions, binaryCrossEntropy } from '../../ops/loss/binary_cross_entropy.js';
import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ElementwiseLoss, factors } from './loss.js';

/** Binary cross entropy of probabilities, reduced; see the op `binaryCrossEntropy`. The factors are saved as a buffer. */
export class BCELoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return binaryCrossEntropy;
  }
  readonly weight: Tensor | null;

  constructor(options: BinaryCrossEntropyOptions & LossOptions<R> = {}) {
    super(options);
    this.weight = factors(options.weight);
  }
}
