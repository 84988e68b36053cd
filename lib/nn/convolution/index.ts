export { Conv2d, type Conv2dLayerOptions } from './conv2d.js';
