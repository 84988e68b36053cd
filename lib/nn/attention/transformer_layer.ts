import { checkPositive } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { add } from '../../ops/elementwise/add.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Activation } from '../activation/activation.js';
import { GELU } from '../activation/gelu.js';
import { ReLU } from '../activation/relu.js';
import { chain, declareKeepsNothing, keepsNothing, leave, type Passed } from '../container/chain.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { LayerNorm } from '../normalisation/layer_norm.js';
import type { ParameterOptions } from '../parameter.js';
import { Dropout } from '../regularisation/dropout.js';
import { type AttentionMasks, MultiheadAttention } from './multihead_attention.js';

/** The generator is dropout's too. */
export interface TransformerLayerOptions extends ParameterOptions {
  /** Width between the two linear maps behind the attention; whole, ≥ 1; default 2048. */
  dimFeedforward?: number;
  /** Probability of each dropout, in training; within 0 … 1; default 0.1. */
  dropout?: number;
  /** Between the two linear maps: a name, a function or a layer; default 'relu'. */
  activation?: 'relu' | 'gelu' | Activation;
  /** Added to the variance of the layer norms; > 0; default 1e-5. */
  layerNormEps?: number;
  /** The first axis is the batch, not the position; default false. */
  batchFirst?: boolean;
  /** Normalise what goes into a part (pre-norm), not the sum that comes out (post-norm); default false. */
  normFirst?: boolean;
  /** Have biases in linear maps and layer norms; default true. */
  bias?: boolean;
  /** Of the self-attention, see `MultiheadAttention`; default null. */
  rotaryBase?: number | null;
}

const activations = { relu: new ReLU(), gelu: new GELU() };

/** What the parts of a layer are made with. */
interface Parts {
  attention(rotaryBase: number | null): MultiheadAttention;
  linear(inFeatures: number, outFeatures: number): Linear;
  norm(): LayerNorm;
  dropout(): Dropout;
}

function partsOf(layer: string, dModel: number, nhead: number, options: TransformerLayerOptions): Parts {
  const { dropout = 0.1, activation = 'relu', layerNormEps = 1e-5, batchFirst = false, bias = true } = options;
  const { dtype, generator } = options;
  if (typeof activation === 'string' && !Object.hasOwn(activations, activation)) {
    throw new ValueError(`${layer}: activation must be 'relu', 'gelu', a function or a layer; got '${activation}'`);
  }
  checkPositive(layer, 'layerNormEps', layerNormEps);
  return {
    attention: (rotaryBase) =>
      new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, rotaryBase, dtype, generator }),
    linear: (inFeatures, outFeatures) => new Linear(inFeatures, outFeatures, { bias, dtype, generator }),
    norm: () => new LayerNorm(dModel, { eps: layerNormEps, bias, dtype }),
    dropout: () => new Dropout(dropout, { generator }),
  };
}

/** x + part(norm x), or norm(x + part x). */
function residual(x: Passed, norm: LayerNorm, normFirst: boolean, part: (x: Passed) => Passed): Passed {
  const kept = { y: x.y, isKnown: true }; // until it is added
  const change = part(normFirst ? chain([norm], kept) : kept);
  const sum = { y: add(x.y, change.y), isKnown: false };
  leave(change);
  leave(x);
  return normFirst ? sum : chain([norm], sum);
}

/** Attention to x itself, or to a memory, and the dropout behind it. */
function attend(
  layer: MultiheadAttention,
  dropout: Dropout,
  x: Passed,
  memory: Tensor,
  masks?: AttentionMasks,
): Passed {
  const [y] = layer.forward(x.y, memory, memory, { ...masks, needWeights: false });
  const isKnown = !keepsNothing(layer);
  if (!isKnown) leave(x);
  return chain([dropout], { y, isKnown });
}

/** The two linear maps, and the dropout behind them. */
function feedForward(
  layer: Pick<TransformerEncoderLayer, 'linear1' | 'linear2' | 'dropout' | 'activation'>,
  dropout: Dropout,
  x: Passed,
): Passed {
  const activation = typeof layer.activation === 'string' ? activations[layer.activation] : layer.activation;
  const hidden = chain([layer.linear1], x);
  // A function may keep what it is given and what it returns.
  const active =
    activation instanceof Module ? chain([activation], hidden) : { y: activation(hidden.y), isKnown: true };
  return chain([layer.dropout, layer.linear2, dropout], active);
}

/**
 * A layer of a Transformer's encoder: self-attention and two linear maps, around each of them a residual connection and
 * a layer norm. [L, N, dModel] (with batchFirst [N, L, dModel]; unbatched [L, dModel]) → the same.
 *
 *   x = norm1(x + selfAttn(x))      y = norm2(x + linear2(relu(linear1(x))))
 *
 * with dropout behind selfAttn, relu and linear2; with normFirst x + selfAttn(norm1(x)), and so on.
 *
 * @source Vaswani and others 2017, arXiv:1706.03762, section 3.1; pre-norm: Xiong and others 2020, arXiv:2002.04745;
 *         PyTorch's torch.nn.TransformerEncoderLayer
 */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: 'relu' | 'gelu' | Activation;
  readonly normFirst: boolean;

  /**
   * @param dModel  whole, a multiple of nhead
   * @param nhead   heads of the attention; whole, ≥ 1
   * @throws ValueError "TransformerEncoderLayer: activation must be 'relu', 'gelu', a function or a layer; got 'tanh'"
   */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, activation = 'relu', normFirst = false, rotaryBase = null } = options;
    const parts = partsOf('TransformerEncoderLayer', dModel, nhead, options);
    this.selfAttn = parts.attention(rotaryBase);
    this.linear1 = parts.linear(dModel, dimFeedforward);
    this.dropout = parts.dropout();
    this.linear2 = parts.linear(dimFeedforward, dModel);
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.activation = activation;
    this.normFirst = normFirst;
  }

  /** @param masks  of the self-attention; see `MultiheadAttention` */
  forward(x: Tensor, masks: AttentionMasks = {}): Tensor {
    const { selfAttn, norm1, norm2, normFirst } = this;
    const given = { y: x, isKnown: true };
    const attended = residual(given, norm1, normFirst, (x) => attend(selfAttn, this.dropout1, x, x.y, masks));
    return residual(attended, norm2, normFirst, (x) => feedForward(this, this.dropout2, x)).y;
  }
}

declareKeepsNothing(TransformerEncoderLayer, (layer) => [
  ...[layer.selfAttn, layer.dropout1, layer.linear1, layer.dropout, layer.linear2, layer.dropout2],
  ...[layer.norm1, layer.norm2],
]);

/** Masks of a decoder's layer. */
export interface DecoderMasks {
  /** Of the attention to the layer's own input. */
  self?: AttentionMasks;
  /** Of the attention to the memory. */
  memory?: AttentionMasks;
}

/**
 * A layer of a Transformer's decoder: self-attention, attention to the encoder's result (the memory), and two linear
 * maps, around each of them a residual connection and a layer norm. x [L, N, dModel], memory [S, N, dModel] → [L, N,
 * dModel]; axes and norms as in `TransformerEncoderLayer`. For a decoder that must not look ahead, pass { self: {
 * causal: true } }.
 *
 * @source Vaswani and others 2017, arXiv:1706.03762, section 3.1; PyTorch's torch.nn.TransformerDecoderLayer
 */
export class TransformerDecoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly activation: 'relu' | 'gelu' | Activation;
  readonly normFirst: boolean;

  /**
   * @param dModel  whole, a multiple of nhead
   * @param nhead   heads of both attentions; whole, ≥ 1
   */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, activation = 'relu', normFirst = false, rotaryBase = null } = options;
    const parts = partsOf('TransformerDecoderLayer', dModel, nhead, options);
    this.selfAttn = parts.attention(rotaryBase);
    this.multiheadAttn = parts.attention(null);
    this.linear1 = parts.linear(dModel, dimFeedforward);
    this.dropout = parts.dropout();
    this.linear2 = parts.linear(dimFeedforward, dModel);
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.norm3 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.dropout3 = parts.dropout();
    this.activation = activation;
    this.normFirst = normFirst;
  }

  forward(x: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    const { selfAttn, multiheadAttn, norm1, norm2, norm3, normFirst } = this;
    const given = { y: x, isKnown: true };
    const attended = residual(given, norm1, normFirst, (x) => attend(selfAttn, this.dropout1, x, x.y, masks.self));
    const informed = residual(attended, norm2, normFirst, (x) =>
      attend(multiheadAttn, this.dropout2, x, memory, masks.memory),
    );
    return residual(informed, norm3, normFirst, (x) => feedForward(this, this.dropout3, x)).y;
  }
}
