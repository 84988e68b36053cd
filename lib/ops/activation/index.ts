export { gelu } from './gelu.js';
export { leakyRelu } from './leaky_relu.js';
export { logSoftmax } from './log_softmax.js';
export { relu } from './relu.js';
export { sigmoid } from './sigmoid.js';
export { softmax } from './softmax.js';
export { softplus } from './softplus.js';
