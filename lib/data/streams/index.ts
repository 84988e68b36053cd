export { AsyncDataLoader, type AsyncDataLoaderOptions, type AsyncDataset } from './async_loader.js';
export { FileDataset } from './file_dataset.js';
export { type Items, prefetch } from './prefetch.js';
export { shuffleBuffer } from './shuffle_buffer.js';
export { StreamLoader, type StreamLoaderOptions } from './stream_loader.js';
