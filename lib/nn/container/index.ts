export { type CallOptions, call, Graph, GraphValue, input } from './graph.js';
export { Sequential } from './sequential.js';
