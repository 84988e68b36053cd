export { causalMask } from './causal_mask.js';
export { KeyValueCache } from './key_value_cache.js';
export {
  type AttentionCall,
  type AttentionMasks,
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type ProjectedKeys,
} from './multihead_attention.js';
export {
  LearnedPositions,
  type PositionOptions,
  SinusoidalPositions,
  type SinusoidalPositionsOptions,
  sinusoidalPositions,
} from './positions.js';
export {
  type DecoderCache,
  type EncoderMasks,
  Transformer,
  TransformerDecoder,
  TransformerEncoder,
  type TransformerMasks,
  type TransformerOptions,
} from './transformer.js';
export {
  type DecoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer_layer.js';
