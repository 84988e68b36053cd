export { PixelShuffle, PixelUnshuffle } from './pixel_shuffle.js';
export { Upsample } from './upsample.js';
