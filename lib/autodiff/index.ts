export { type AnomalyOptions, detectAnomaly, setAnomalyDetection } from './anomaly.js';
export { type CustomResult, customGradient } from './custom_gradient.js';
export { type GradOptions, grad, valueAndGrad } from './grad.js';
export { type GradcheckOptions, gradcheck } from './gradcheck.js';
export type { Tree } from './tree.js';
