import { checkObject, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { chain, declareKeepsNothing } from '../container/chain.js';
import { xavierUniform } from '../init/init.js';
import { Module } from '../module.js';
import { LayerNorm } from '../normalisation/layer_norm.js';
import type { KeyValueCache } from './key_value_cache.js';
import type { AttentionMasks, ProjectedKeys } from './multihead_attention.js';
import {
  type DecoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer_layer.js';

/** Masks of a stack of encoder layers, and a cache for each layer. */
export interface EncoderMasks extends Omit<AttentionMasks, 'cache' | 'projected'> {
  /** What `newCache` made: x continues what it has seen. */
  cache?: readonly KeyValueCache[];
}

/** Layers of a stack, each made anew, so that they differ from the beginning. */
function made<L>(stack: string, layer: () => L, count: number): L[] {
  checkWhole(stack, 'numLayers', count, 1);
  if (typeof layer !== 'function') {
    throw new ValueError(`${stack}: layer must be a function that makes one; got ${typeof layer}; write () => …`);
  }
  return Array.from({ length: count }, layer);
}

/**
 * Encoder layers one after another, and a norm behind them if there is one. [L, N, dModel] → the same.
 *
 *     new nn.TransformerEncoder(() => new nn.TransformerEncoderLayer(64, 4, { batchFirst: true }), 6)
 *
 * With { causal: true } it is a decoder-only model, which continues text by `newCache`.
 *
 * @source Vaswani and others 2017, arXiv:1706.03762, section 3.1; PyTorch's torch.nn.TransformerEncoder, whose layers
 *         however begin as copies of one
 */
export class TransformerEncoder extends Module {
  readonly layers: readonly TransformerEncoderLayer[];
  readonly norm: Module | null;

  /**
   * @param layer      makes a layer
   * @param numLayers  whole, ≥ 1
   * @param norm       behind the last layer, as pre-norm layers need one; default none
   */
  constructor(layer: () => TransformerEncoderLayer, numLayers: number, norm: Module | null = null) {
    super();
    this.layers = made('TransformerEncoder', layer, numLayers);
    this.norm = norm;
  }

  forward(x: Tensor, { cache, ...masks }: EncoderMasks = {}): Tensor {
    const given = { y: x, isKnown: true };
    const passed = chain(this.layers, given, (i) => [{ ...masks, cache: cache?.[i] }]);
    return chain(this.norm === null ? [] : [this.norm], passed).y;
  }

  /** A cache for each layer: see `MultiheadAttention.newCache`. */
  newCache(batchSize: number, capacity: number): KeyValueCache[] {
    return this.layers.map(({ selfAttn }) => selfAttn.newCache(batchSize, capacity));
  }
}

declareKeepsNothing(TransformerEncoder, ({ layers, norm }) => [...layers, ...(norm === null ? [] : [norm])]);

/** What a decoder's layer keeps from position to position, and of the memory. */
export interface DecoderCache {
  self: KeyValueCache;
  memory: ProjectedKeys;
}

/**
 * Decoder layers one after another, and a norm behind them if there is one. x [L, N, dModel], memory [S, N, dModel] →
 * [L, N, dModel].
 *
 *     new nn.TransformerDecoder(() => new nn.TransformerDecoderLayer(64, 4), 6, new nn.LayerNorm(64))
 *
 * @source as `TransformerEncoder`
 */
export class TransformerDecoder extends Module {
  readonly layers: readonly TransformerDecoderLayer[];
  readonly norm: Module | null;

  /**
   * @param layer      makes a layer
   * @param numLayers  whole, ≥ 1
   * @param norm       behind the last layer; default none
   */
  constructor(layer: () => TransformerDecoderLayer, numLayers: number, norm: Module | null = null) {
    super();
    this.layers = made('TransformerDecoder', layer, numLayers);
    this.norm = norm;
  }

  /** @param masks  of every layer; `cache` is what `newCache` made of the memory */
  forward(
    x: Tensor,
    memory: Tensor,
    { cache, ...masks }: DecoderMasks & { cache?: readonly DecoderCache[] } = {},
  ): Tensor {
    const given = { y: x, isKnown: true };
    const passed = chain(this.layers, given, (i) => {
      const kept = cache?.[i];
      const self = { ...masks.self, cache: kept?.self };
      return [memory, { self, memory: { ...masks.memory, projected: kept?.memory } }];
    });
    return chain(this.norm === null ? [] : [this.norm], passed).y;
  }

  /**
   * What each layer keeps while a target is decoded position by position: its keys and values so far, and those of the
   * memory.
   *
   * @param memory    [S, N, dModel] (with batchFirst [N, S, dModel])
   * @param capacity  positions of the target; whole, ≥ 1
   */
  newCache(memory: Tensor, capacity: number): DecoderCache[] {
    return this.layers.map(({ selfAttn, multiheadAttn }) => {
      const projected = multiheadAttn.project(memory, memory);
      return { self: selfAttn.newCache(projected[0].shape[0], capacity), memory: projected };
    });
  }
}

export interface TransformerOptions extends TransformerLayerOptions {
  /** Width of every position; a multiple of nhead; default 512. */
  dModel?: number;
  /** Heads of every attention; default 8. */
  nhead?: number;
  /** Default 6. */
  numEncoderLayers?: number;
  /** Default 6. */
  numDecoderLayers?: number;
}

/** Masks of a whole Transformer. */
export interface TransformerMasks {
  /** Of the encoder. */
  source?: EncoderMasks;
  /** Of the decoder's attention to its own input; { causal: true } where it must not look ahead. */
  target?: AttentionMasks;
  /** Of the decoder's attention to the encoder's result: the source's padding, for one. */
  memory?: AttentionMasks;
}

/**
 * Encoder and decoder, a layer norm behind each. source [S, N, dModel], target [L, N, dModel] → [L, N, dModel]; options
 * and axes as in `TransformerEncoderLayer`. Embeddings, positions and the last linear map are the user's.
 *
 * All matrices start by `xavierUniform`.
 *
 * @source Vaswani and others 2017, arXiv:1706.03762, figure 1; PyTorch's torch.nn.Transformer
 */
export class Transformer extends Module {
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;

  constructor(options: TransformerOptions = {}) {
    super();
    checkObject('Transformer', 'options', options);
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6, ...layer } = options;
    const { layerNormEps: eps = 1e-5, bias = true, dtype, generator } = options;
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps, bias, dtype });
    const encoderLayer = () => new TransformerEncoderLayer(dModel, nhead, layer);
    this.encoder = new TransformerEncoder(encoderLayer, numEncoderLayers, norm());
    const decoderLayer = () => new TransformerDecoderLayer(dModel, nhead, layer);
    this.decoder = new TransformerDecoder(decoderLayer, numDecoderLayers, norm());
    for (const weight of this.parameters()) if (weight.rank > 1) xavierUniform(weight, { generator });
  }

  forward(source: Tensor, target: Tensor, masks: TransformerMasks = {}): Tensor {
    const memory = this.encoder.forward(source, masks.source);
    const { target: self, memory: other } = masks;
    return this.decoder.forward(target, memory, { ...(self && { self }), ...(other && { memory: other }) });
  }
}
