export { Dropout, type DropoutLayerOptions } from './dropout.js';
