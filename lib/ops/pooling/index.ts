export {
  type AdaptiveMaxPool,
  type AdaptiveMaxPoolOptions,
  type AdaptivePool,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './adaptive_pool.js';
export {
  type AvgPool,
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  type AvgPool3dOptions,
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  avgPool3d,
} from './avg_pool.js';
export {
  type GlobalPool,
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from './global_pool.js';
export {
  type LPPool,
  type LPPool1dOptions,
  type LPPool2dOptions,
  type LPPool3dOptions,
  type LPPoolOptions,
  lpPool1d,
  lpPool2d,
  lpPool3d,
} from './lp_pool.js';
export {
  type MaxPool,
  type MaxPool1dOptions,
  type MaxPool2dOptions,
  type MaxPool3dOptions,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  minPool1d,
  minPool2d,
  minPool3d,
} from './max_pool.js';
export {
  type MaxUnpool,
  type MaxUnpool1dOptions,
  type MaxUnpool2dOptions,
  type MaxUnpool3dOptions,
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
} from './max_unpool.js';
export type { PoolOptions } from './pool.js';
export { type RoiPoolOptions, roiPool } from './roi_pool.js';
