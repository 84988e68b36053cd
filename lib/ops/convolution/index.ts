export { type Conv2dAlgorithm, type Conv2dOptions, type Conv2dPadding, conv2d } from './conv2d.js';
export type { Pair } from './window.js';
