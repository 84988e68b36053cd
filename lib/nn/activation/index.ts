export { GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh } from './activations.js';
