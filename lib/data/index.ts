export { type Collated, collate } from './collate.js';
export { type Dataset, randomSplit, Subset, subset, TensorDataset } from './dataset.js';
export { generateDigits } from './digits.js';
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from './loader.js';
export { type Digits, digitDataset, readMnist } from './mnist.js';
