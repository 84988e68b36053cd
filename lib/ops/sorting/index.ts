export { type Median, median, nanmedian } from './median.js';
export { mode } from './mode.js';
export { type QuantileOptions, quantile } from './quantile.js';
export { bucketize, type SearchOptions, searchSorted } from './search_sorted.js';
export { argsort, type Picked, type SortOptions, sort } from './sort.js';
export { kthValue, type TopKOptions, topK } from './top_k.js';
export { type Unique, unique } from './unique.js';
