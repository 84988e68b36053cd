import '../ops/methods.js';

export type { Label, Labels } from './classes.js';
export { type Collated, collate } from './collate.js';
export * from './columns/index.js';
export { type Dataset, Subset, subset, TensorDataset } from './dataset.js';
export { ImageFolder } from './images/image_folder.js';
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from './loader.js';
export * from './samplers/index.js';
export * from './sets/index.js';
export * from './splits/index.js';
export * from './streams/index.js';
export * from './text/index.js';
export {
  type TimeSeriesWindowsOptions,
  type TokenWindowsOptions,
  timeSeriesWindows,
  tokenWindows,
  type Windows,
} from './windows.js';
