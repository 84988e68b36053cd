import { checkFraction, checkPositive, checkWhole } from '../../core/check.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { leaveToTape } from '../../core/recycling.js';
import { sameShape, show } from '../../core/shape.js';
import { attention, composedAttention, selfAttention, type Weighting } from '../../ops/attention/attention.js';
import { rotary } from '../../ops/attention/rotary.js';
import { add } from '../../ops/elementwise/add.js';
import { logicalNot, logicalOr } from '../../ops/elementwise/logical.js';
import { where } from '../../ops/indexing/where.js';
import { linear } from '../../ops/linalg/linear.js';
import { mean } from '../../ops/reduction/mean.js';
import { permute } from '../../ops/shape/permute.js';
import { slice } from '../../ops/shape/slice.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing, keepsNothing } from '../container/chain.js';
import { xavierUniform, zeros } from '../init/init.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { newParameter, type ParameterOptions } from '../parameter.js';
import { KeyValueCache } from './key_value_cache.js';

/** The generator is dropout's too. */
export interface MultiheadAttentionOptions extends ParameterOptions {
  /** Probability that a weight is set to 0 in training; within 0 … 1; default 0. */
  dropout?: number;
  /** Have biases in the projections; default true. */
  bias?: boolean;
  /** Width of the keys; default embedDim. */
  kdim?: number;
  /** Width of the values; default embedDim. */
  vdim?: number;
  /** The first axis of queries, keys and values is the batch, not the position; default false. */
  batchFirst?: boolean;
  /** Turn queries and keys by their positions, with this base; see the op `rotary`; > 0; null for not, the default. */
  rotaryBase?: number | null;
}

export interface AttentionMasks {
  /** [N, S] (of unbatched keys [S]): bool, true where a key is padding and takes no part; or floating-point, added. */
  keyPaddingMask?: Tensor;
  /** [L, S], or [N · heads, L, S]: bool, true where a key takes no part; or floating-point, added to the scores. */
  attentionMask?: Tensor;
  /** The query at i sees the keys at 0 … i only, without a mask in memory; default false. */
  causal?: boolean;
  /**
   * Keys and values of earlier positions, which come before those of this call and are joined by them: queries see all
   * up to their own. Masks have as many keys as the cache has room for.
   */
  cache?: KeyValueCache | undefined;
  /** What `project` gave of key and value, which are then left aside. */
  projected?: ProjectedKeys | undefined;
}

/** Keys and values as the heads see them: [N, heads, S, width of a head]. */
export type ProjectedKeys = readonly [keys: Tensor, values: Tensor];

export interface AttentionCall extends AttentionMasks {
  /** Return the weights too, for which all of them are computed at once; default true. */
  needWeights?: boolean;
  /** Return the mean of the heads' weights, not each head's; default true. */
  averageWeights?: boolean;
}

/**
 * Attention of several heads, each with projections of its own; see the op `scaledDotProductAttention`.
 *
 *   y = concat(head₁, …) · outProjᵀ      headᵢ = softmax(Qᵢ · Kᵢᵀ / √(embedDim / heads)) · Vᵢ
 *
 * query [L, N, embedDim], key [S, N, kdim], value [S, N, vdim] (with batchFirst the batch comes first; unbatched it is
 * left out) → [L, N, embedDim] and the weights [N, L, S], or [N, heads, L, S] if not averaged, or null.
 *
 * inProjWeight [3 · embedDim, embedDim] holds the projections of query, key and value one below the other; where kdim
 * or vdim differ, qProjWeight, kProjWeight and vProjWeight stand in its place. They start by `xavierUniform`, the
 * biases inProjBias [3 · embedDim] and of outProj at 0. Masks say what takes no part, as PyTorch's layer has it, and
 * unlike the op's. A query that sees no key has weights 0.
 *
 * @source Vaswani and others 2017, arXiv:1706.03762, section 3.2.2; PyTorch's torch.nn.MultiheadAttention
 */
export class MultiheadAttention extends Module {
  readonly inProjWeight: Tensor | null;
  readonly qProjWeight: Tensor | null;
  readonly kProjWeight: Tensor | null;
  readonly vProjWeight: Tensor | null;
  readonly inProjBias: Tensor | null;
  readonly outProj: Linear;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly rotaryBase: number | null;
  readonly #generator: Generator | undefined;

  /**
   * @param embedDim  whole, a multiple of numHeads
   * @param numHeads  whole, ≥ 1
   * @throws ValueError "MultiheadAttention: embedDim must be a multiple of numHeads; got 10 and 4"
   */
  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options: MultiheadAttentionOptions = {},
  ) {
    super();
    const { dropout = 0, bias = true, kdim = embedDim, vdim = embedDim, batchFirst = false } = options;
    const { rotaryBase = null, dtype, generator } = options;
    const sizes = { embedDim, numHeads, kdim, vdim };
    for (const [name, size] of Object.entries(sizes)) checkWhole('MultiheadAttention', name, size, 1);
    if (embedDim % numHeads !== 0) {
      throw new ValueError(
        `MultiheadAttention: embedDim must be a multiple of numHeads; got ${embedDim} and ${numHeads}`,
      );
    }
    checkFraction('MultiheadAttention', 'dropout', dropout);
    if (rotaryBase !== null) checkPositive('MultiheadAttention', 'rotaryBase', rotaryBase);
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.rotaryBase = rotaryBase;
    this.#generator = generator;
    const projection = (rows: number, columns: number): Tensor => newParameter([rows, columns], xavierUniform, options);
    const oneWidth = kdim === embedDim && vdim === embedDim;
    this.qProjWeight = oneWidth ? null : projection(embedDim, embedDim);
    this.kProjWeight = oneWidth ? null : projection(embedDim, kdim);
    this.vProjWeight = oneWidth ? null : projection(embedDim, vdim);
    this.inProjWeight = oneWidth ? projection(3 * embedDim, embedDim) : null;
    this.inProjBias = bias ? newParameter([3 * embedDim], zeros, options) : null;
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype, generator });
    if (this.outProj.bias !== null) zeros(this.outProj.bias);
  }

  /**
   * @throws ShapeError "MultiheadAttention: key must have the axes [length, batch, 8]; got [5, 2, 6]"
   */
  forward(query: Tensor, key: Tensor, value: Tensor, call: AttentionCall & { needWeights: false }): [Tensor, null];
  forward(query: Tensor, key: Tensor, value: Tensor, call?: AttentionCall & { needWeights?: true }): [Tensor, Tensor];
  forward(query: Tensor, key: Tensor, value: Tensor, call?: AttentionCall): [Tensor, Tensor | null];
  forward(query: Tensor, key: Tensor, value: Tensor, call: AttentionCall = {}): [Tensor, Tensor | null] {
    if (query.rank === 2) return this.#unbatched(query, key, value, call);
    this.#check({ query, key, value });
    const { needWeights = true, averageWeights = true, cache, projected } = call;
    const positions = cache?.advance(query.shape[this.batchFirst ? 1 : 0]);
    const seen = cache?.capacity ?? projected?.[0].shape[2] ?? key.shape[this.batchFirst ? 1 : 0];
    const mask = this.#mask(query, seen, call, positions && cache?.hidden(positions));
    const weighting: Weighting = {
      scale: 1 / Math.sqrt(this.embedDim / this.numHeads),
      // What a cache hides is more.
      causal: (call.causal ?? false) && cache === undefined,
      p: this.training ? this.dropout : 0,
      generator: this.#generator,
    };
    const isOne = query === key && key === value && cache === undefined && projected === undefined;
    if (isOne && this.inProjWeight !== null && this.rotaryBase === null && !needWeights) {
      const packed = linear(query, this.inProjWeight, this.inProjBias ?? undefined);
      const y = selfAttention(this.#heads(packed, 3), mask, weighting);
      leaveToTape(packed.storage);
      return [this.#join(y), null];
    }
    const q = this.#project(query, 0, positions);
    let [k, v] = projected ?? this.project(key, value, positions);
    if (cache !== undefined && positions !== undefined) {
      cache.write(positions, k, v);
      [k, v] = [cache.keys, cache.values];
    }
    const [y, weights] = needWeights
      ? composedAttention(q, k, v, mask, weighting)
      : [attention(q, k, v, mask, weighting), null];
    leaveToTape(q.storage);
    if (cache === undefined && projected === undefined) for (const { storage } of [k, v]) leaveToTape(storage);
    if (weights === null) return [this.#join(y), null];
    return [this.#join(y), averageWeights ? mean(weights, 1) : weights];
  }

  /**
   * Room for keys and values, for decoding position by position.
   *
   * @param capacity  positions that it has room for; whole, ≥ 1
   */
  newCache(batchSize: number, capacity: number): KeyValueCache {
    checkWhole('MultiheadAttention', 'batchSize', batchSize, 0);
    checkWhole('MultiheadAttention', 'capacity', capacity, 1);
    const { embedDim, numHeads, outProj } = this;
    return new KeyValueCache([batchSize, numHeads, capacity, embedDim / numHeads], outProj.weight.dtype);
  }

  /**
   * Keys and values for `projected`: of a memory that many queries ask, projected once.
   *
   * @param positions  [S] int32 for `rotaryBase`; default 0 … S − 1
   */
  project(key: Tensor, value: Tensor, positions?: Tensor<[number], 'int32'>): ProjectedKeys {
    return [this.#project(key, 1, positions), this.#project(value, 2)];
  }

  #unbatched(query: Tensor, key: Tensor, value: Tensor, call: AttentionCall): [Tensor, Tensor | null] {
    const axis = this.batchFirst ? 0 : 1;
    const { keyPaddingMask } = call;
    // One tensor stays one.
    const batches = new Map([query, key, value].map((x) => [x, x.unsqueeze(axis)]));
    const [q, k, v] = [query, key, value].map((x) => batches.get(x) as Tensor);
    const padding = keyPaddingMask && { keyPaddingMask: keyPaddingMask.unsqueeze(0) };
    const [y, weights] = this.forward(q, k, v, { ...call, ...padding });
    return [y.squeeze(axis), weights?.squeeze(0) ?? null];
  }

  #check(operands: Record<'query' | 'key' | 'value', Tensor>): void {
    const [positions, batch] = this.batchFirst ? [1, 0] : [0, 1];
    const widths = {
      query: this.embedDim,
      key: this.kProjWeight?.shape[1] ?? this.embedDim,
      value: this.vProjWeight?.shape[1] ?? this.embedDim,
    };
    const { query, key } = operands;
    for (const [name, x] of Object.entries(operands)) {
      const width = widths[name as keyof typeof widths];
      if (x.rank !== 3 || x.shape[2] !== width) {
        const axes = this.batchFirst ? 'batch, length' : 'length, batch';
        throw new ShapeError(
          `MultiheadAttention: ${name} must have the axes [${axes}, ${width}]; got ${show(x.shape)}`,
        );
      }
      const length = name === 'query' ? x.shape[positions] : key.shape[positions];
      if (x.shape[batch] !== query.shape[batch] || x.shape[positions] !== length) {
        throw new ShapeError(
          `MultiheadAttention: query, key and value must have one batch size, key and value one length; got ${show(query.shape)}, ${show(key.shape)} and ${show(operands.value.shape)}`,
        );
      }
    }
  }

  /** Query (part 0), key or value as [N, heads, length, width of a head]. */
  #project(x: Tensor, part: 0 | 1 | 2, positions?: Tensor<[number], 'int32'>): Tensor {
    const { embedDim, inProjWeight, inProjBias, rotaryBase } = this;
    const rows: [number, number] = [part * embedDim, (part + 1) * embedDim];
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight][part];
    const weight = own ?? slice(inProjWeight as Tensor, rows);
    const projected = linear(x, weight, inProjBias === null ? undefined : slice(inProjBias, rows));
    const heads: Tensor = slice(this.#heads(projected, 1), null, null, 0);
    return rotaryBase === null || part === 2 ? heads : rotary(heads, { base: rotaryBase, positions });
  }

  /** A view of […, …, parts · embedDim] as [N, heads, parts, length, width of a head]. */
  #heads(x: Tensor, parts: number): Tensor {
    const [a, b] = x.shape;
    const split: Tensor = x.reshape([a, b, parts, this.numHeads, this.embedDim / this.numHeads]);
    return permute(split, this.batchFirst ? [0, 3, 2, 1, 4] : [1, 3, 2, 0, 4]);
  }

  /** The heads' results [N, heads, L, width] side by side, and their projection. */
  #join(y: Tensor): Tensor {
    const rows: Tensor = permute(y, this.batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]);
    const result = this.outProj.forward(rows.reshape([rows.shape[0], rows.shape[1], this.embedDim]));
    if (keepsNothing(this.outProj)) leaveToTape(y.storage);
    return result;
  }

  /** One mask for the op, which broadcasts to [N, heads, L, S]: bool, true where a key takes part, or added. */
  #mask(
    query: Tensor,
    keys: number,
    { keyPaddingMask, attentionMask }: AttentionMasks,
    hidden: Tensor | undefined,
  ): Tensor | undefined {
    const [n, length] = this.batchFirst ? query.shape : [query.shape[1], query.shape[0]];
    const masks: Tensor[] = hidden === undefined ? [] : [hidden];
    if (keyPaddingMask !== undefined) {
      checkMask('keyPaddingMask', keyPaddingMask, [[n, keys]]);
      masks.push(keyPaddingMask.reshape([n, 1, 1, keys]));
    }
    if (attentionMask !== undefined) {
      checkMask('attentionMask', attentionMask, [
        [length, keys],
        [n * this.numHeads, length, keys],
      ]);
      masks.push(attentionMask.rank === 2 ? attentionMask : attentionMask.reshape([n, this.numHeads, length, keys]));
    }
    if (masks.length === 0) return undefined;
    if (masks.every(({ dtype }) => dtype === 'bool')) {
      const hidden = masks as Tensor<any, 'bool'>[];
      return logicalNot(hidden.reduce((a, b) => logicalOr(a, b)));
    }
    const hide: Tensor = fill([], -Infinity, this.outProj.weight.dtype);
    return masks
      .map((mask): Tensor => (mask.dtype === 'bool' ? where(mask as Tensor<any, 'bool'>, hide, 0) : mask))
      .reduce((a, b) => add(a, b));
  }
}

declareKeepsNothing(MultiheadAttention, ({ outProj }) => [outProj]);

function checkMask(name: string, mask: Tensor, shapes: readonly (readonly number[])[]): void {
  if (mask.dtype !== 'bool' && !isFloat(mask.dtype)) {
    throw new DTypeError(
      `MultiheadAttention: ${name} must be bool (true where a key takes no part) or floating-point (added to the scores); got ${mask.dtype}; compare it, e.g. mask.ne(0)`,
    );
  }
  if (!shapes.some((shape) => sameShape(mask.shape, shape))) {
    throw new ShapeError(
      `MultiheadAttention: ${name} must be ${shapes.map(show).join(' or ')}; got ${show(mask.shape)}`,
    );
  }
}
