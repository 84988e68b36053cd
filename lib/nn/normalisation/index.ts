export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from './batch_norm.js';
export { foldBatchNorm } from './fold_batch_norm.js';
export { GroupNorm, type GroupNormOptions } from './group_norm.js';
export { LayerNorm, type LayerNormOptions } from './layer_norm.js';
