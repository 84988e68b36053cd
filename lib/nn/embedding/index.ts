export { Embedding, type EmbeddingOptions } from './embedding.js';
