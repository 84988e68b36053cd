export { ComputationGraph, type GraphEdge, type GraphNode, type GraphPath } from './computation_graph.js';
export { type CustomResult, customGradient } from './custom_gradient.js';
export { type GradOptions, grad, valueAndGrad } from './grad.js';
export { type GraphOptions, graph } from './graph.js';
export { type GradcheckOptions, gradcheck } from './gradcheck.js';
export type { Tree } from './tree.js';
