import { checkWhole } from '../../core/check.js';
import type { Shape } from '../../core/types.js';
import { checkPaddingIdx, type EmbeddingShape, embedding } from '../../ops/indexing/embedding.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { normal, zeros } from '../init/init.js';
import { Module } from '../module.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import type { ShapeRule, shapeRule } from '../shape_rule.js';

interface EmbeddingRule<Dim extends number> extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? EmbeddingShape<S, Dim> : never;
}

export interface EmbeddingOptions extends ParameterOptions {
  /** A row that starts at 0 and gets no gradient; negative counts from the end; default none. */
  paddingIdx?: number | null;
}

/**
 * A table of vectors, looked up by index: [...] int32 → [..., dim].
 *
 * weight [count, dim] starts standard normal.
 */
export class Embedding<const Dim extends number = any> extends Module {
  declare readonly [shapeRule]?: EmbeddingRule<Dim>;
  readonly weight: Tensor<[number, Dim]>;
  readonly paddingIdx: number | null;

  /**
   * @param numEmbeddings  rows of the table; whole, ≥ 1
   * @param embeddingDim   length of a row; whole, ≥ 1
   * @throws ValueError "Embedding: numEmbeddings must be a whole number ≥ 1; got 0"
   */
  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: Dim,
    { paddingIdx = null, ...options }: EmbeddingOptions = {},
  ) {
    super();
    checkWhole('Embedding', 'numEmbeddings', numEmbeddings, 1);
    checkWhole('Embedding', 'embeddingDim', embeddingDim, 1);
    this.paddingIdx = paddingIdx === null ? null : checkPaddingIdx('Embedding', paddingIdx, numEmbeddings);
    this.weight = newParameter([numEmbeddings, embeddingDim], normal, options);
    const padding = this.paddingIdx;
    if (padding !== null) noGrad(() => zeros((this.weight as Tensor).slice(padding)));
  }

  forward<S extends Shape>(indices: Tensor<S, 'int32'>): Tensor<EmbeddingShape<S, Dim>> {
    return embedding(indices, this.weight, { paddingIdx: this.paddingIdx });
  }
}

declareKeepsNothing(Embedding);
