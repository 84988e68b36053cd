import {
  checkHingeEmbedding,
  type HingeEmbeddingLossOptions,
  hingeEmbeddingLoss,
} from '../../ops/loss/hinge_embedding_loss.js';
import type { LossOptions, LossReduction } from '../../ops/loss/loss.js';
import { ElementwiseLoss } from './loss.js';

/** Loss of distances, reduced; see the op `hingeEmbeddingLoss`. */
export class HingeEmbeddingLoss<const R extends LossReduction = 'mean'> extends ElementwiseLoss<R> {
  protected override get loss() {
    return hingeEmbeddingLoss;
  }
  readonly margin: number;

  constructor(options: HingeEmbeddingLossOptions & LossOptions<R> = {}) {
    super(options);
    const { margin = 1 } = options;
    this.margin = margin;
    checkHingeEmbedding('HingeEmbeddingLoss', this);
  }
}
