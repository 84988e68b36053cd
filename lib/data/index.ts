export type { Label, Labels } from './classes.js';
export { type Collated, collate } from './collate.js';
export { type Dataset, Subset, subset, TensorDataset } from './dataset.js';
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from './loader.js';
export * from './columns/index.js';
export * from './samplers/index.js';
export * from './sets/index.js';
export * from './splits/index.js';
