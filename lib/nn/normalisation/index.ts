export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormLayerOptions } from './batch_norm.js';
export { foldBatchNorm } from './fold_batch_norm.js';
export { GroupNorm, type GroupNormLayerOptions } from './group_norm.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, type InstanceNormOptions } from './instance_norm.js';
export { LayerNorm, type LayerNormLayerOptions } from './layer_norm.js';
export { LocalResponseNorm } from './local_response_norm.js';
export { RMSNorm, type RmsNormLayerOptions } from './rms_norm.js';
export { SpectralNorm, type SpectralNormOptions } from './spectral_norm.js';
export { WeightNorm } from './weight_norm.js';
