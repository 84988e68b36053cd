import { type CrossEntropyOptions, checkSmoothing, crossEntropy } from '../../ops/loss/cross_entropy.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { factors, Loss } from './loss.js';

/** Cross entropy between logits and classes, reduced; see the op `crossEntropy`. The factors are saved as a buffer. */
export class CrossEntropyLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions & LossOptions<R> = {}) {
    super(options);
    const { ignoreIndex = -100, labelSmoothing = 0 } = options;
    this.weight = factors(options.weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    checkSmoothing('CrossEntropyLoss', this);
  }

  forward(logits: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return crossEntropy(logits, target, this);
  }
}
