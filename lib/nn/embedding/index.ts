export { Embedding, type EmbeddingOptions } from './embedding.js';
export { EmbeddingBag, type EmbeddingBagLayerOptions } from './embedding_bag.js';
