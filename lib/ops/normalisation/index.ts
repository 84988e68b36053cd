export { type BatchNormOptions, batchNorm } from './batch_norm.js';
export { type GroupNormOptions, groupNorm } from './group_norm.js';
export { type LayerNormOptions, layerNorm } from './layer_norm.js';
