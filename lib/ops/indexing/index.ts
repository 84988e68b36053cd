export { type EmbeddingOptions, embedding } from './embedding.js';
export { type EmbeddingBagOptions, embeddingBag } from './embedding_bag.js';
export { gather, scatterAdd } from './gather.js';
export { indexAdd, indexSelect } from './index_select.js';
export { maskedFill } from './masked_fill.js';
export { where } from './where.js';
