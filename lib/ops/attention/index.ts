export { type RotaryOptions, rotary } from './rotary.js';
export { type AttentionOptions, scaledDotProductAttention } from './scaled_dot_product_attention.js';
