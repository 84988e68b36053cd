import { checkOneOf, checkWhole } from '../../core/check.js';
import { checkPaddingIdx } from '../../ops/indexing/embedding.js';
import { type EmbeddingBagOptions, embeddingBag } from '../../ops/indexing/embedding_bag.js';
import { noGrad } from '../../tensor/tape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { normal, zeros } from '../init/init.js';
import { Module } from '../module.js';
import { newParameter, type ParameterOptions } from '../parameter.js';

export interface EmbeddingBagLayerOptions extends Pick<EmbeddingBagOptions, 'mode' | 'paddingIdx'>, ParameterOptions {}

/**
 * A table of vectors, looked up by index and added up in bags; see the op `embeddingBag`. [bags, n] int32, or [n] with
 * offsets → [bags, dim].
 *
 * weight [count, dim] starts standard normal, the padding's row at 0.
 */
export class EmbeddingBag extends Module {
  readonly weight: Tensor<[number, number]>;
  readonly mode: 'sum' | 'mean' | 'max';
  readonly paddingIdx: number | null;

  /**
   * @param numEmbeddings  rows of the table; whole, ≥ 1
   * @param embeddingDim   length of a row; whole, ≥ 1
   */
  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    { mode = 'mean', paddingIdx = null, ...options }: EmbeddingBagLayerOptions = {},
  ) {
    super();
    checkWhole('EmbeddingBag', 'numEmbeddings', numEmbeddings, 1);
    checkWhole('EmbeddingBag', 'embeddingDim', embeddingDim, 1);
    checkOneOf('EmbeddingBag', 'mode', mode, ['sum', 'mean', 'max']);
    this.mode = mode;
    this.paddingIdx = paddingIdx === null ? null : checkPaddingIdx('EmbeddingBag', paddingIdx, numEmbeddings);
    this.weight = newParameter([numEmbeddings, embeddingDim], normal, options);
    const padding = this.paddingIdx;
    if (padding !== null) noGrad(() => zeros((this.weight as Tensor).slice(padding)));
  }

  /**
   * @param offsets           see the op
   * @param perSampleWeights  see the op
   */
  forward(
    indices: Tensor<any, 'int32'>,
    offsets?: Optional<Tensor<any, 'int32'>>,
    perSampleWeights?: Optional,
  ): Tensor<[number, number]> {
    const { mode, paddingIdx } = this;
    return embeddingBag(indices, this.weight, { offsets, perSampleWeights, mode, paddingIdx });
  }
}

declareKeepsNothing(EmbeddingBag);
