import './methods.js';

export * from './activation/index.js';
export * from './attention/index.js';
export * from './convolution/index.js';
export * from './creation/index.js';
export * from './elementwise/index.js';
export * from './indexing/index.js';
export * from './linalg/index.js';
export * from './loss/index.js';
export * from './normalisation/index.js';
export * from './pooling/index.js';
export * from './random/index.js';
export * from './recurrent/index.js';
export * from './reduction/index.js';
export * from './resampling/index.js';
export * from './shape/index.js';
