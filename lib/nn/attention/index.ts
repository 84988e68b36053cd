export {
  type AttentionCall,
  type AttentionMasks,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './multihead_attention.js';
export {
  type DecoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer.js';
