export { type BatchNormOptions, batchNorm } from './batch_norm.js';
export { type GroupNormOptions, groupNorm } from './group_norm.js';
export { type LayerNormOptions, layerNorm } from './layer_norm.js';
export { type LocalResponseNormOptions, localResponseNorm } from './local_response_norm.js';
export { type RmsNormOptions, rmsNorm } from './rms_norm.js';
