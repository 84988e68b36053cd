export { DropConnect, type DropConnectOptions } from './drop_connect.js';
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, type DropoutLayerOptions } from './dropout.js';
export { GaussianNoise } from './gaussian_noise.js';
export { mcDropout } from './mc_dropout.js';
