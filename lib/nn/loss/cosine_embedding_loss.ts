import {
  type CosineEmbeddingLossOptions,
  checkCosineEmbedding,
  cosineEmbeddingLoss,
} from '../../ops/loss/cosine_embedding_loss.js';
import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Loss of the angle between two vectors, reduced; see the op `cosineEmbeddingLoss`. */
export class CosineEmbeddingLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly margin: number;

  constructor(options: CosineEmbeddingLossOptions & LossOptions<R> = {}) {
    super(options);
    const { margin = 0 } = options;
    this.margin = margin;
    checkCosineEmbedding('CosineEmbeddingLoss', this);
  }

  forward(first: Tensor, second: Tensor, target: Tensor): Tensor<Reduced<any, R>> {
    return cosineEmbeddingLoss(first, second, target, this);
  }
}
