export { Conv2d, type Conv2dOptions } from './conv2d.js';
