export { type AttentionOptions, scaledDotProductAttention } from './scaled_dot_product_attention.js';
