export { GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh } from './activations.js';
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from './batch_norm.js';
export { Conv2d, type Conv2dOptions } from './conv2d.js';
export { Dropout, type DropoutOptions } from './dropout.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { Flatten } from './flatten.js';
export { foldBatchNorm } from './fold_batch_norm.js';
export { functionalCall } from './functional_call.js';
export { GroupNorm, type GroupNormOptions } from './group_norm.js';
export { GRU } from './gru.js';
export * as init from './init.js';
export { LayerNorm, type LayerNormOptions } from './layer_norm.js';
export { Linear, type LinearOptions } from './linear.js';
export { BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss } from './losses.js';
export { LSTM } from './lstm.js';
export { type BeforeForward, type LoadReport, Module, type OnForward } from './module.js';
export {
  type AttentionCall,
  type AttentionMasks,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './multihead_attention.js';
export { buffer, parameter } from './parameter.js';
export {
  AvgPool2d,
  type AvgPool2dOptions,
  GlobalAveragePool2d,
  MaxPool2d,
  type MaxPool2dOptions,
} from './pool2d.js';
export type { RecurrentLayerOptions } from './recurrent.js';
export { RNN, type RNNOptions } from './rnn.js';
export { Sequential } from './sequential.js';
export type { ShapeRule, shapeRule } from './shape_rule.js';
export {
  type DecoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer.js';
