export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
} from './adaptive_pool.js';
export {
  AvgPool1d,
  type AvgPool1dLayerOptions,
  AvgPool2d,
  type AvgPool2dLayerOptions,
  AvgPool3d,
  type AvgPool3dLayerOptions,
} from './avg_pool.js';
export {
  GlobalAveragePool1d,
  GlobalAveragePool2d,
  GlobalAveragePool3d,
  GlobalMaxPool1d,
  GlobalMaxPool2d,
  GlobalMaxPool3d,
} from './global_pool.js';
export { LPPool1d, LPPool2d, LPPool3d } from './lp_pool.js';
export {
  MaxPool1d,
  type MaxPool1dLayerOptions,
  MaxPool2d,
  type MaxPool2dLayerOptions,
  MaxPool3d,
  type MaxPool3dLayerOptions,
  MinPool1d,
  MinPool2d,
  MinPool3d,
} from './max_pool.js';
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } from './max_unpool.js';
