export { type InterpolateMode, type InterpolateOptions, interpolate } from './interpolate.js';
export { pixelShuffle, pixelUnshuffle } from './pixel_shuffle.js';
