export { BatchNorm1d, BatchNorm2d, type BatchNormLayerOptions } from './batch_norm.js';
export { foldBatchNorm } from './fold_batch_norm.js';
export { GroupNorm, type GroupNormLayerOptions } from './group_norm.js';
export { LayerNorm, type LayerNormLayerOptions } from './layer_norm.js';
