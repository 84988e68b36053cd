export type { Activation } from './activation.js';
export { GELU } from './gelu.js';
export { LeakyReLU } from './leaky_relu.js';
export { ReLU } from './relu.js';
export { Sigmoid } from './sigmoid.js';
export { Softmax } from './softmax.js';
export { Tanh } from './tanh.js';
